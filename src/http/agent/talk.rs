//! The conversation as the page shows it.

use app::model::Author;
use app::model::agent::{ByMail, FileRow, Said, Talk, TicketLink, Voice};
use app::words::{Words, fill};
use jiff::Timestamp;

use super::{clock, find, routing};
use crate::Help;
use crate::http::attachments::{is_picture, size};
use crate::identity;
use crate::routing::Target;
use crate::tickets::{Arrival, Attachment, Changed, Mark, Message, Ticket, prose};

pub async fn of(help: &Help, words: &Words, ticket: &Ticket, now: Timestamp) -> anyhow::Result<Vec<Talk>> {
    let messages = help.tickets.conversation(&ticket.id).await?;
    let mut files = help.tickets.attachments(&ticket.id).await?;
    for merged in help.tickets.merged(&ticket.id).await? {
        files.extend(help.tickets.attachments(&merged.id).await?);
    }
    let arrivals = help.tickets.arrivals(&ticket.id).await?;
    let with_mail = |message: Message| {
        let arrival = arrivals.iter().find(|arrival| arrival.message == message.id);
        Talk { mail: arrival.map(|arrival| by_mail(words, arrival)), ..talk(help, words, ticket, message, &files, now) }
    };
    Ok(messages.into_iter().map(with_mail).collect())
}

fn by_mail(words: &Words, arrival: &Arrival) -> ByMail {
    let own = &words.agent;
    let mark = arrival.mark().map(|mark| match mark {
        Mark::Automatic => own.mail_automatic.to_string(),
        Mark::Stranger => own.mail_stranger.to_string(),
    });
    let files = arrival.left_out.join(", ");
    ByMail {
        mark,
        whole: arrival.original.clone(),
        left_out: (!files.is_empty()).then(|| fill(&own.mail_left_out, &[("files", &files)])),
    }
}

fn talk(help: &Help, words: &Words, ticket: &Ticket, said: Message, files: &[Attachment], now: Timestamp) -> Talk {
    let voice = match said.author {
        Author::Requester if said.internal => Voice::Note,
        Author::Requester => Voice::Requester,
        Author::System => Voice::Line,
        Author::Agent if said.internal => Voice::Note,
        Author::Agent => Voice::Agent,
    };
    let unnamed = match (voice, &ticket.email) {
        (Voice::Requester, Some(email)) if said.ticket == ticket.id => email.clone(),
        (Voice::Requester, _) => words.agent.requester.to_string(),
        (Voice::Line, _) => words.agent.by_rules.to_string(),
        _ => "–".to_owned(),
    };
    let files = files.iter().filter(|file| file.message == said.id).map(|file| file_row(help, words, file));
    Talk {
        voice,
        when: clock::ago(words, said.at, now),
        at: clock::exact(said.at),
        answers: answers(help, ticket, &said.articles),
        files: files.collect(),
        said: match voice {
            Voice::Line => Said::Text(line(words, &said.text)),
            _ if said.author == Author::Requester => Said::Text(said.text),
            _ => Said::Html(prose::html(&said.text)),
        },
        name: said.name.unwrap_or(unnamed),
        id: said.id,
        mail: None,
    }
}

/// What a line of the program's says: `Status → Open · Assigned to → Ada`.
fn line(words: &Words, json: &str) -> String {
    let Ok(changed) = serde_json::from_str::<Changed>(json) else { return json.to_owned() };
    let own = &words.agent;
    let to = |name: &str, value: String| format!("{name} → {value}");
    let number = |text: &str, number: i64| fill(text, &[("number", &format!("#{number}"))]);
    let nobody = |name: String| if name.is_empty() { own.nobody.to_string() } else { name };
    let escalated = |(target, moment): (Target, String)| {
        format!("{}: {}", routing::target(words, target), routing::moment(words, &moment))
    };
    let parts = [
        changed.escalated.map(escalated),
        changed.status.map(|status| to(&own.status, words.agent.status_of(status).to_string())),
        changed.priority.map(|priority| to(&own.priority, words.agent.priority_of(priority).to_string())),
        changed.assignee.map(|name| to(&own.assignee, nobody(name))),
        changed.class.map(|class| to(&own.class, routing::class(words, &class))),
        changed.group.map(|group| to(&own.team, if group.is_empty() { "–".to_owned() } else { group })),
        changed.tags.map(|tags| to(&words.tags, if tags.is_empty() { "–".to_owned() } else { tags.join(", ") })),
        changed.merged_into.map(|into| number(&own.merged_into, into)),
        changed.merged_from.map(|from| number(&own.merged_from, from)),
        changed.unmerged.map(|other| number(&own.unmerged, other)),
        changed.alerted.map(|(alert, why)| format!("{} ({why})", fill(&own.alert_raised, &[("alert", &alert)]))),
        changed.muted.map(|muted| if muted { own.muted_line.to_string() } else { own.unmuted_line.to_string() }),
        changed.released.then(|| own.released.to_string()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Title and address of each article that was given, as far as the requester may see it still.
fn answers(help: &Help, ticket: &Ticket, ids: &[String]) -> Vec<(String, String)> {
    let edition = help.edition.load();
    let viewer = identity::remembered(&ticket.audiences);
    let view = edition.snapshot.view(&viewer);
    let pages = ids.iter().filter_map(|id| view.by_id(id));
    pages.map(|page| (page.title.clone(), help.address.href(&page.path))).collect()
}

fn file_row(help: &Help, words: &Words, file: &Attachment) -> FileRow {
    let url = help.address.href(&format!("/agent/attachments/{}", file.id));
    FileRow {
        name: file.name.clone(),
        size: size(words, file.bytes),
        picture_url: is_picture(file).then(|| format!("{url}?show")),
        url,
    }
}

/// Tickets that this one goes on in, goes on from, or took up.
pub async fn links(help: &Help, words: &Words, ticket: &Ticket, now: Timestamp) -> anyhow::Result<Vec<TicketLink>> {
    let mut links = Vec::new();
    let own = &words.agent;
    for (id, label) in [(&ticket.merged_into, &own.merged_into), (&ticket.follows, &own.follows)] {
        let Some(id) = id else { continue };
        let other = help.tickets.by_id(id).await?;
        links.extend(other.map(|other| find::link_to(help, words, &other, label.to_string(), now)));
    }
    let merged = help.tickets.merged(&ticket.id).await?;
    links.extend(merged.iter().map(|other| find::link_to(help, words, other, own.merged_from.to_string(), now)));
    Ok(links)
}
