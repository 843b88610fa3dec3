//! A mail that people wrote and a list handed on: a group address such as `support@`, put before the help center.

use mail_parser::{HeaderForm, HeaderName, Message};

use super::{address, header};
use crate::mail::one_line;

/// Where a list keeps who wrote when it put itself into `From`, because the writer's domain lets nobody else send in its
/// name (DMARC, RFC 7489): as Google Groups does it, and Mailman.
const WRITERS: [&str; 2] = ["X-Original-From", "Reply-To"];

/// The list, by its name, where people may write there (RFC 2369 section 3.4): nobody does to a newsletter.
pub fn of(message: &Message) -> Option<String> {
    let post = header(message, "List-Post").filter(|post| post.to_ascii_lowercase().contains("mailto:"))?;
    Some(header(message, "List-Id").unwrap_or(post))
}

/// Address and name of who wrote it, where `from` is the address of the list.
pub fn writer(message: &Message, from: &str) -> Option<(String, Option<String>)> {
    let post = header(message, "List-Post")?.to_lowercase();
    let values = WRITERS.iter().filter_map(|name| HeaderName::parse((*name).to_owned()));
    let values: Vec<_> = values.flat_map(|name| message.header_as(name, HeaderForm::Addresses)).collect();
    let people = values.iter().filter_map(|value| value.as_address()).flat_map(|people| people.iter());
    let person = |it: &mail_parser::Addr| {
        let name = it.name().map(one_line).filter(|name| !name.is_empty());
        Some((address(it.address()?), name)).filter(|(address, _)| address.contains('@') && address != from)
    };
    people.filter(|_| post.contains(&format!("mailto:{from}"))).find_map(person)
}
