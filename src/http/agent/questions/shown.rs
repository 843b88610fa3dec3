//! Questions as agents see them.

use std::collections::HashMap;

use app::model::agent::QueueTab;
use app::model::{Moderated, ModerationPage, QuestionLine, QuestionQueue, QuestionState, Said};
use app::words::{Words, fill};
use jiff::Timestamp;

use super::Written;
use crate::Help;
use crate::community::{LONGEST_TEXT, PAGE, Question, Reply};
use crate::http::agent::{Agent, clock};
use crate::http::{address, frame, questions};
use crate::identity;
use crate::staff::account;

/// The address of a list; `page` counts from 1.
fn url(help: &Help, state: QuestionState, page: u32) -> String {
    help.address.href(&format!("/agent/questions?state={}&page={page}", state.name()))
}

pub fn queue(
    help: &Help,
    words: &Words,
    state: QuestionState,
    page: u32,
    mut questions: Vec<Question>,
    counts: [usize; 3],
    now: Timestamp,
) -> QuestionQueue {
    let own = &words.agent;
    let labels = [&own.question_waiting, &own.question_shown, &own.question_refused];
    let tab = |((of, label), count): ((QuestionState, &app::words::Word), usize)| QueueTab {
        label: label.to_string(),
        url: url(help, of, 1),
        count: Some(count),
        current: of == state,
    };
    let has_more = questions.len() > PAGE;
    questions.truncate(PAGE);
    QuestionQueue {
        tabs: QuestionState::ALL.into_iter().zip(labels).zip(counts).map(tab).collect(),
        rows: questions.iter().map(|question| line(help, words, question, now)).collect(),
        page: page + 1,
        previous_url: (page > 0).then(|| url(help, state, page)),
        next_url: has_more.then(|| url(help, state, page + 2)),
    }
}

fn line(help: &Help, words: &Words, question: &Question, now: Timestamp) -> QuestionLine {
    let waiting = question.replies.iter().filter(|reply| reply.state == QuestionState::Waiting).count();
    QuestionLine {
        url: help.address.href(&format!("/agent/questions/{}", question.id)),
        title: question.title.clone(),
        article: article(help, question).0,
        by: question.name.clone().unwrap_or_else(|| words.unnamed.to_string()),
        state: question.state,
        waiting,
        when: clock::ago(words, question.at, now),
        at: clock::exact(question.at),
    }
}

/// Title and address of the article, as the asker may see it; its id alone where it is gone.
fn article(help: &Help, question: &Question) -> (String, Option<String>) {
    let edition = help.edition.load();
    let viewer = identity::remembered(&question.audiences);
    match edition.snapshot.view(&viewer).by_id(&question.article) {
        Some(page) => (page.title.clone(), Some(help.address.href(&address::encoded(&page.path)))),
        None => (question.article.clone(), None),
    }
}

pub async fn page(
    help: &Help,
    agent: &Agent,
    question: &Question,
    written: Written,
    now: Timestamp,
) -> anyhow::Result<ModerationPage> {
    let site = agent.site(help);
    let words = &site.words;
    let names: HashMap<_, _> =
        account::list(&help.store).await?.into_iter().map(|account| (account.id, account.name)).collect();
    let url = help.address.href(&format!("/agent/questions/{}", question.id));
    let refused = |state: QuestionState, agent: Option<&String>, reason: Option<&String>| {
        let name = agent.and_then(|id| names.get(id)).map_or("?", String::as_str);
        (state == QuestionState::Refused).then(|| match reason {
            Some(reason) => fill(&words.agent.refused_because, &[("name", name), ("reason", reason)]),
            None => fill(&words.agent.refused_by, &[("name", name)]),
        })
    };
    let by = |name: Option<&String>| name.map_or_else(|| words.unnamed.to_string(), String::clone);
    let asked = Moderated {
        id: question.id.clone(),
        by: by(question.name.as_ref()),
        by_team: false,
        when: clock::ago(words, question.at, now),
        at: clock::exact(question.at),
        text: Said::Plain(question.text.clone()),
        state: question.state,
        refused: refused(question.state, question.agent.as_ref(), question.reason.as_ref()),
        accepted: false,
    };
    let reply = |reply: &Reply| Moderated {
        id: reply.id.clone(),
        by: by(reply.name.as_ref()),
        by_team: reply.by_team,
        when: clock::ago(words, reply.at, now),
        at: clock::exact(reply.at),
        text: questions::text(reply),
        state: reply.state,
        refused: refused(reply.state, reply.agent.as_ref(), reply.reason.as_ref()),
        accepted: question.accepted.as_ref() == Some(&reply.id),
    };
    let prefix = frame::prefix(help, &question.locale);
    Ok(ModerationPage {
        seen: question.updated_at,
        title: question.title.clone(),
        article: article(help, question),
        public_url: (question.state == QuestionState::Shown)
            .then(|| help.address.href(&format!("{prefix}{}", question.path()))),
        wants_mail: question.email.is_some(),
        asked,
        replies: question.replies.iter().map(reply).collect(),
        stub_url: question.answer().map(|_| format!("{url}/stub.md")),
        notice: written.notice,
        refusal: written.refusal,
        written: written.text,
        longest: LONGEST_TEXT,
        url,
    })
}
