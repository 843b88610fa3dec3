//! The parts pages are made of. Each is a function from borrowed data to a view.

pub mod consent;
pub mod crumbs;
pub mod draft;
pub mod field;
pub mod footer;
pub mod forum;
pub mod head;
pub mod header;
pub mod icon;
pub mod links;
pub mod navigation;
pub mod pager;
pub mod questions;
pub mod results;
pub mod search_box;
pub mod toc;
pub mod vote;

pub use consent::consent;
pub use crumbs::crumbs;
pub use draft::{draft_line, draft_script};
pub use field::{field, in_textarea};
pub use forum::{forum_hits, forum_place, to_the_forum};
pub use links::{article_list, category_grid};
pub use navigation::{branch, side_buttons};
pub use pager::pager;
pub use questions::{asked, folded, questions, reply};
pub use results::results;
pub use search_box::{Behaviour, search_box};
pub use toc::toc;
pub use vote::{to_a_person, vote};
