//! What operators see of mail, and what they do about it.
