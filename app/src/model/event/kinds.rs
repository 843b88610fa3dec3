//! The list of events. A new one goes here; the compiler then asks for all that must know of it.

use serde::{Deserialize, Serialize};

use super::define::events;
use super::{Fault, Field, FieldOf, Kind, List, Name, Purpose, Teller, Text};

events! {
    /// A reader came: the first event of a session.
    SessionStarted = "session_started", Analytics, Server {}
    /// A page was shown.
    PageViewed = "page_viewed", Analytics, Page {}
    /// Something was searched for; keys typed one after another are the one search they end in.
    SearchPerformed = "search_performed", Analytics, Server {
        /// What was asked: lower case, masked.
        query: Text<200>,
        /// Articles found.
        results: u32,
        /// Microseconds the search took.
        took_us: u32,
        /// How the first hit was found: `exact`, `typo`, `meaning` and so on. Absent when nothing was.
        rung: Option<Name<16>>,
        /// The query before it in this session, when it came within half a minute.
        refines: Option<Text<200>>,
    }
    /// A result was opened.
    SearchResultClicked = "search_result_clicked", Analytics, Page {
        /// The query the result answered: masked.
        query: Text<200>,
        /// Id of the article.
        article: Name<128>,
        /// Its place among the results, from 1.
        rank: u32,
    }
    /// An article was opened.
    ArticleViewed = "article_viewed", Analytics, Page {
        /// Id of the article.
        article: Name<128>,
    }
    /// A question on a page of questions was opened.
    FaqExpanded = "faq_expanded", Analytics, Page {
        /// Id of the page.
        article: Name<128>,
        /// Anchor of the question.
        question: Name<200>,
    }
    /// An article was left after it was read for a while.
    ArticleRead = "article_read", Analytics, Page {
        /// Id of the article.
        article: Name<128>,
        /// Seconds it was visible.
        seconds: u32,
        /// How far down the reader came, in percent of its length.
        scroll: u32,
    }
    /// A reader said whether an article helped.
    ArticleRated = "article_rated", Analytics, Server {
        /// Id of the article.
        article: Name<128>,
        /// Did it help?
        helpful: bool,
        /// Why not: `outdated`, `unclear`, `incomplete`, `wrong`, `other`.
        reason: Option<Name<16>>,
        /// In the reader's words: masked.
        comment: Option<Text<2000>>,
        /// Hash of the article's text, so that a later version starts anew.
        version: Name<64>,
        /// The last query of the session before it: masked.
        query: Option<Text<200>>,
    }
    /// A link or button the operator counts was used.
    CtaClicked = "cta_clicked", Marketing, Page {
        /// What it leads to: `upgrade`.
        goal: Name<64>,
        /// Which step of the way there it is.
        step: Option<Name<64>>,
        /// What the reader came through: `newsletter`.
        attribution: Option<Name<64>>,
    }
    /// A video was played.
    VideoPlayed = "video_played", Analytics, Page {
        /// Its address or id at the provider.
        video: Name<200>,
        /// Seconds played.
        seconds: u32,
    }
    /// A block of code was copied.
    CodeCopied = "code_copied", Analytics, Page {
        /// Id of the article.
        article: Name<128>,
        /// Which of its blocks, from 1.
        block: u32,
    }
    /// A link to another site was followed.
    LinkOut = "link_out", Analytics, Page {
        /// The other site's host.
        host: Name<253>,
    }
    /// A form for a ticket was opened.
    TicketStarted = "ticket_started", Analytics, Server {
        /// Which form: `question`, `bug`, `idea`.
        form: Name<64>,
    }
    /// A reader found the answer in what was proposed, and sent no ticket for a day.
    TicketDeflected = "ticket_deflected", Analytics, Server {
        /// Id of the article that was opened.
        article: Name<128>,
    }
    /// A ticket was sent.
    TicketCreated = "ticket_created", Analytics, Server {
        /// Its id here.
        ticket: Name<64>,
        /// Which form: `question`, `bug`, `idea`.
        form: Name<64>,
    }
    /// A ticket was solved, here or at another desk; once more when it was opened again in between.
    TicketSolved = "ticket_solved", Analytics, Server {
        /// Its id here.
        ticket: Name<64>,
        /// Which form: `question`, `bug`, `idea`.
        form: Name<64>,
        /// How it came: `portal`, `mail`, `chat`, `desk`.
        channel: Name<16>,
        /// Ids of the articles its reader opened before asking, as far as that was let travel.
        articles: List<Name<128>>,
        /// Paths of the categories they lie in.
        categories: List<Name<200>>,
        /// What agents tagged it with: masked.
        tags: List<Text<64>>,
        /// Seconds until an agent first answered; absent when nobody did.
        answer_seconds: Option<u32>,
        /// Seconds until it was solved, counted from when it was sent.
        solve_seconds: u32,
        /// Was it solved before, and opened again?
        reopened: bool,
    }
    /// A ticket that was solved was opened again.
    TicketReopened = "ticket_reopened", Analytics, Server {
        /// Its id here.
        ticket: Name<64>,
        /// Which form: `question`, `bug`, `idea`.
        form: Name<64>,
        /// How it came: `portal`, `mail`, `chat`, `desk`.
        channel: Name<16>,
        /// Seconds it was solved.
        solved_seconds: u32,
    }
    /// A requester said how good the help was, or changed their mind.
    TicketRated = "ticket_rated", Analytics, Server {
        /// Id of the ticket here.
        ticket: Name<64>,
        /// Which form: `question`, `bug`, `idea`.
        form: Name<64>,
        /// How it came: `portal`, `mail`, `chat`, `desk`.
        channel: Name<16>,
        /// Was the help good?
        good: bool,
    }
    /// A chat began.
    ChatStarted = "chat_started", Analytics, Server {
        /// Its id here.
        chat: Name<64>,
    }
    /// A person took over a chat.
    ChatHandedOff = "chat_handed_off", Analytics, Server {
        /// Its id here.
        chat: Name<64>,
        /// Seconds the reader waited.
        seconds: u32,
    }
    /// Nobody answered a chat.
    ChatMissed = "chat_missed", Analytics, Server {
        /// Its id here.
        chat: Name<64>,
        /// Seconds the reader waited.
        seconds: u32,
    }
    /// A reader was shown one variant of an experiment.
    ExperimentExposed = "experiment_exposed", Analytics, Page {
        /// Its name.
        experiment: Name<64>,
        /// The variant shown.
        variant: Name<64>,
    }
    /// Something went wrong before the reader's eyes.
    ErrorMet = "error_met", Analytics, Page {
        /// What it said: masked.
        message: Text<300>,
        /// Status of the answer, if it was one.
        status: Option<u32>,
    }
    /// How fast a page was, as its reader felt it.
    WebVitals = "web_vitals", Analytics, Page {
        /// `LCP`, `INP`, `CLS`, `FCP` or `TTFB`.
        metric: Name<8>,
        /// Milliseconds; of `CLS` a score.
        value: f64,
    }
}
