//! The words that only agents read.

#[path = "../../words/agent/ar.rs"]
pub(super) mod ar;
#[path = "../../words/agent/de.rs"]
pub(super) mod de;
#[path = "../../words/agent/en.rs"]
pub(super) mod en;
#[path = "../../words/agent/es.rs"]
pub(super) mod es;
#[path = "../../words/agent/fr.rs"]
pub(super) mod fr;

use super::list::words;
use super::{Plural, Word};
use crate::model::{Priority, Status};

words! {
    /// What the portal says, in one language.
    AgentWords {}
    words {
        queue,
        status,
        /// New and open together.
        status_todo,
        status_new,
        status_open,
        status_pending,
        status_solved,
        status_closed,
        status_any,
        /// Label of the choice between all tickets, own ones and those of nobody.
        owner,
        owner_all,
        owner_mine,
        owner_nobody,
        assignee,
        nobody,
        priority,
        priority_low,
        priority_normal,
        priority_high,
        priority_urgent,
        kind,
        kind_question,
        kind_bug,
        kind_idea,
        any,
        order,
        sort_oldest,
        sort_newest,
        sort_due,
        narrow,
        ticket,
        subject,
        requester,
        /// Of what came by mail.
        mail_automatic,
        mail_stranger,
        mail_whole,
        /// `{files}`
        mail_left_out,
        waits,
        due,
        due_in,
        overdue,
        no_tickets,
        new_count,
        changed_live,
        live_lost,
        /// Less than a minute, as {time}.
        moments,
        minutes,
        hours,
        ago,
        /// Before the ticket was opened.
        before,
        conversation,
        reply,
        to_requester,
        note,
        your_text,
        markdown_hint,
        status_after,
        /// The status that a reply or a note gives by itself.
        as_usual,
        send,
        files,
        files_hint,
        macros,
        insert,
        find,
        find_hint,
        find_public,
        find_audiences,
        found_articles,
        found_tickets,
        past_reading,
        insert_link,
        insert_text,
        properties,
        assign_me,
        tags_hint,
        plan,
        fields,
        earlier,
        places,
        place_there,
        place_waits,
        dossier,
        dossier_none,
        merge,
        merge_into,
        merge_hint,
        merged_into,
        merged_from,
        held,
        release,
        released,
        merge_refused,
        stub,
        changed_meanwhile,
        done_sent,
        done_noted,
        done_saved,
        done_merged,
        text_missing,
        text_too_long,
        follows,
        rating,
        rating_good,
        rating_bad,
        answers_given,
        keys,
        key_next,
        key_previous,
        key_open,
        key_answers,
        key_send,
        key_queue,
        key_help,
        unmerge,
        unmerge_hint,
        unmerged,
        unmerge_answered,
        unmerge_along,
        done_unmerged,
        find_ticket,
        find_ticket_hint,
        found_for,
        found_none,
        back_to_queue,
        not_delivered,
        not_delivered_text,
        done_again,
        again_gone,
        /// Why the requester gets no letters: `{address}`, `{time}`; of a delay `{count}`.
        mail_trouble,
        mail_bounced,
        mail_complained,
        mail_unsubscribed,
        mail_slow,
        mail_allow,
        done_mail_allowed,
        tickets,
        effect,
        effect_text,
        group,
        group_shown,
        group_held_out,
        drafts,
        without_ticket,
        difference,
        too_few,
        may_be_chance,
        no_hold_out,
        closing,
        opened,
        said_to_answer,
        spared,
        given,
        article,
        last_given,
        none_yet,
        by_desk,
        own_portal,
        answered_count,
        first_answer,
        first_answer_most,
    }
    plurals {
        days,
    }
}

impl AgentWords {
    pub fn status_of(&self, status: Status) -> &Word {
        match status {
            Status::New => &self.status_new,
            Status::Open => &self.status_open,
            Status::Pending => &self.status_pending,
            Status::Solved => &self.status_solved,
            Status::Closed => &self.status_closed,
        }
    }

    pub fn priority_of(&self, priority: Priority) -> &Word {
        match priority {
            Priority::Low => &self.priority_low,
            Priority::Normal => &self.priority_normal,
            Priority::High => &self.priority_high,
            Priority::Urgent => &self.priority_urgent,
        }
    }
}
