//! What readers did: the list of events, version 1. This list is their one definition: what may be sent, what is kept,
//! the JSON Schema and the manual's table all come from it.

mod field;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use field::{Field, Name, Path, Shape, Text, within};

/// Version of the schema: grows when a field changes its meaning or goes, not when one comes.
pub const VERSION: u8 = 1;

/// What a reader's data may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// What the reader asked for: needs no consent.
    Necessary,
    /// Remembering what the reader chose.
    Preferences,
    /// Learning how the help center is used.
    Analytics,
    /// Tying what was done here to campaigns.
    Marketing,
}

impl Purpose {
    pub const ALL: [Self; 4] = [Self::Necessary, Self::Preferences, Self::Analytics, Self::Marketing];

    /// As on the wire and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Necessary => "necessary",
            Self::Preferences => "preferences",
            Self::Analytics => "analytics",
            Self::Marketing => "marketing",
        }
    }
}

/// Who tells of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teller {
    /// The page, the widget or the host product, through `POST /api/v1/events`.
    Page,
    /// The server alone, which knows better.
    Server,
}

/// What the schema says of a kind of event.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    pub about: &'static str,
    pub purpose: Purpose,
    pub teller: Teller,
    pub fields: &'static [FieldOf],
}

/// One field of a kind.
#[derive(Debug, Clone, Copy)]
pub struct FieldOf {
    pub name: &'static str,
    pub about: &'static str,
    pub shape: fn() -> Shape,
}

macro_rules! events {
    ($(
        #[doc = $about:literal]
        $kind:ident = $name:literal, $purpose:ident, $teller:ident {
            $(#[doc = $field_about:literal] $field:ident: $type:ty,)*
        }
    )*) => {
        /// Something a reader did. On the wire its name stands in `kind`, beside its fields.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", deny_unknown_fields)]
        pub enum Event {
            $(
                #[doc = $about]
                #[serde(rename = $name)]
                $kind {
                    $(
                        #[doc = $field_about]
                        #[serde(default = "Field::absent", skip_serializing_if = "Field::is_absent")]
                        $field: $type,
                    )*
                },
            )*
        }

        impl Event {
            /// Every kind, in the order of the manual.
            pub const KINDS: &'static [Kind] = &[$(
                Kind {
                    name: $name,
                    about: $about.trim_ascii(),
                    purpose: Purpose::$purpose,
                    teller: Teller::$teller,
                    fields: &[$(
                        FieldOf {
                            name: stringify!($field),
                            about: $field_about.trim_ascii(),
                            shape: <$type as Field>::shape,
                        },
                    )*],
                },
            )*];

            /// Its name on the wire.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$kind { .. } => $name,)* }
            }

            /// What its reader must have granted before anything ties it to a session.
            pub fn purpose(&self) -> Purpose {
                match self { $(Self::$kind { .. } => Purpose::$purpose,)* }
            }

            pub fn teller(&self) -> Teller {
                match self { $(Self::$kind { .. } => Teller::$teller,)* }
            }

            /// Puts every text through `mask`, which takes out what names a person.
            pub fn mask(&mut self, mask: &impl Fn(&str) -> Option<String>) {
                match self { $(Self::$kind { $($field),* } => { $(Field::mask($field, mask);)* })* }
            }

            /// The first field that is missing or out of its bounds.
            pub fn check(&self) -> Result<(), Fault> {
                match self {
                    $(Self::$kind { $($field),* } => {
                        $(Field::check($field).map_err(|what| Fault { field: stringify!($field), what })?;)*
                        Ok(())
                    })*
                }
            }
        }
    };
}

macro_rules! context {
    ($($(#[doc = $about:literal])+ $field:ident: $type:ty,)*) => {
        /// What surrounds an event: filled in by the server, or by the page where only it knows.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Context {
            $($(#[doc = $about])+ #[serde(skip_serializing_if = "Field::is_absent")] pub $field: Option<$type>,)*
        }

        impl Context {
            pub const FIELDS: &'static [FieldOf] = &[$(
                FieldOf {
                    name: stringify!($field),
                    about: concat!($($about,)+).trim_ascii(),
                    shape: <Option<$type> as Field>::shape,
                },
            )*];

            /// Puts every text through `mask`, which takes out what names a person.
            pub fn mask(&mut self, mask: &impl Fn(&str) -> Option<String>) {
                $(Field::mask(&mut self.$field, mask);)*
            }

            /// The first field that is out of its bounds.
            pub fn check(&self) -> Result<(), Fault> {
                $(Field::check(&self.$field).map_err(|what| Fault { field: stringify!($field), what })?;)*
                Ok(())
            }
        }
    };
}

context! {
    /// The anonymous session: a random id that ends after half an hour without a deed.
    session: Name<64>,
    /// The reader's id at the host, from the token the host signed.
    user: Text<200>,
    /// The reader's plan, from the token the host signed.
    plan: Name<64>,
    /// Language of the page.
    locale: Name<35>,
    /// `phone`, `tablet` or `desktop`.
    device: Name<16>,
    /// Two letters, where a proxy tells them. The address itself is not kept.
    country: Name<2>,
    /// The site the session came from: its host and no more.
    referrer: Name<253>,
    /// The campaign the session came through; kept with consent to marketing only.
    campaign: Name<100>,
    /// Path of the page, without query and fragment.
    page: Path<500>,
    /// What was being served: hash of the content. Of a host's events: the host's own release.
    release: Name<64>,
}

/// Why an event cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub field: &'static str,
    pub what: Cow<'static, str>,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.field, self.what)
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_kinds() {
        let mut names: Vec<_> = Event::KINDS.iter().map(|kind| kind.name).collect();
        assert_eq!(names.len(), 21);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 21, "two kinds share a name");
    }

    #[test]
    fn a_field_that_is_missing_or_too_long_is_named() {
        let check = |event: Event, expect: Option<&str>| {
            assert_eq!(event.check().err().map(|fault| fault.to_string()).as_deref(), expect);
        };
        check(Event::ArticleViewed { article: Name::of("start") }, None);
        check(Event::ArticleViewed { article: Name::of("") }, Some("article: is missing"));
        let seconds = Event::ArticleRead { article: Name::of("start"), seconds: 3, scroll: 100 };
        check(seconds, None);
        check(
            Event::ArticleViewed { article: Name::of("jo@example.com") },
            Some("article: holds '@'; take letters, digits and . _ - / : + ~ %"),
        );
    }
}
