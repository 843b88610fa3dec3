//! The shared words: what the server fills in and a page shows.
//!
//! Every `url` here is ready for an `href`: it begins with the site's base path (`/help/start/install`).
//! Fields named `html` hold HTML that the content pipeline has already sanitised.

pub mod admin;
pub mod agent;
pub mod chat;
pub mod community;
pub mod contact;
pub mod event;
pub mod frame;
pub mod privacy;
pub mod reading;
pub mod search;
pub mod staff;
pub mod text_fragment;
pub mod ticket;

pub use admin::{
    AdminPage, ArticleRow, ArticleTable, ArticlesPage, AuditRow, CanaryRow, ChoicesRow, ClosingRow, EffectRows,
    GivenRow, HookRow, LetterRow, MessageRow, OutcomeRow, PeriodLink, ProblemGroup, ProblemRow, ProcessingRow,
    RoutingRow, Severity, SinkRow, SinkState, SlowPage, SuppressedFor, SuppressedRow, UnansweredRow,
};
pub use chat::{
    ChatAuthor, ChatBar, ChatGroup, ChatLine, ChatPage, ChatRoom, ChatRow, ChatSaid, ChatStand, ChatStart, ChatState,
    ChatVendor, ChatsPage,
};
pub use community::{
    Forum, ForumHit, Moderated, ModerationPage, QuestionForm, QuestionLine, QuestionPage, QuestionQueue, QuestionRow,
    QuestionState, Questions, QuestionsPage, ReplyRow,
};
pub use contact::{
    ContactPage, FieldKind, FieldRow, FileRow, FormPage, PieceRow, RequestPage, RequestRow, RequestsPage, ReviewPage,
    Said, SaidRow, Way, Work,
};
pub use event::{Context, Event, Purpose};
pub use frame::{
    Alternate, ChatScript, Collection, Crumb, Direction, Frame, LanguageLink, Meta, NavLink, Shortcuts, Site,
};
pub use privacy::{PrivacyPage, PurposeRow, TrailRow};
pub use reading::{
    ArticleLink, ArticlePage, CategoryCard, CategoryPage, ErrorPage, FallbackNotice, FeedbackPage, Heading, HomePage,
    NavItem, NotFoundPage, TagLink, Updated, VoteState,
};
pub use search::{
    Explanation, Facet, FacetValue, Hit, Marked, Notice, QueryLink, Rung, SearchPage, SearchResults, SectionHit, Span,
    WordPart,
};
pub use staff::{
    AccountField, AccountPage, AccountRefusal, LanguageChoice, LoginPage, LoginWay, OneField, OneForm, SessionRow,
};
pub use ticket::{Author, Channel, Clue, Priority, Rating, Status};
