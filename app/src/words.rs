//! The interface's words in every locale.

/// Every word the interface says. One static value a locale, in `app/words/<locale>.rs`.
#[derive(Debug, Clone)]
pub struct Words {
    pub search: String,
}
