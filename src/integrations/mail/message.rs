//! A mail with its headers; as bytes (RFC 5322) seven bits each, text and HTML as alternatives (RFC 2046 section 5.1.4).

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::{Address, Message as Written};

use crate::integrations::Failure;
use crate::mail::{Mail, THREAD, TRACE};

/// A mail as every transport is asked to send it.
#[derive(Debug)]
pub struct Message {
    /// Idempotency key.
    pub key: String,
    pub from: Mailbox,
    pub to: Address,
    pub reply_to: Option<Mailbox>,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    /// Those beside what is named above, in seven bits; `Message-ID` among them.
    pub headers: Vec<(&'static str, String)>,
    at: Timestamp,
}

impl Message {
    /// `key` becomes its `Message-ID`: the same on every attempt.
    ///
    /// # Errors
    /// An address that is none, a line break where a header stands.
    pub fn new(
        from: &Mailbox,
        reply_to: Option<&Mailbox>,
        mail: Mail,
        key: &str,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let to: Address = mail
            .to
            .parse()
            .map_err(|cause| Failure::refused(format!("the mail cannot be sent to where it is to go: {cause}")))?;
        let is_broken = |text: &str| text.chars().any(char::is_control);
        let head = [Some(mail.subject.as_str()), mail.thread.as_deref(), mail.unsubscribe.as_deref(), Some(key)];
        if head.into_iter().flatten().any(is_broken) {
            return Err(Failure::refused(
                "`subject`, `thread` or `unsubscribe` holds a line break or another control character",
            ));
        }
        let headers = headers(&mail, key, from.email.domain());
        let own = mail.reply_to.as_ref().and_then(|address| address.parse().ok());
        let reply_to = own.map(|address| Mailbox::new(None, address)).or_else(|| reply_to.cloned());
        let (key, from) = (key.to_owned(), from.clone());
        let Mail { subject, text, html, .. } = mail;
        Ok(Self { key, from, to, reply_to, subject, text, html, headers, at: now })
    }

    /// Address of the recipient.
    pub fn recipient(&self) -> &str {
        self.to.as_ref()
    }

    /// As it goes over the wire where bytes are wanted.
    ///
    /// # Errors
    /// What no message can hold.
    pub fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let written = body(self.head(), self);
        written
            .map(|written| written.formatted())
            .map_err(|cause| Failure::refused(format!("no mail can be made: {cause}")))
    }

    fn head(&self) -> MessageBuilder {
        let head = Written::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, self.to.clone()))
            .subject(&self.subject)
            .date(SystemTime::from(self.at));
        let head = match &self.reply_to {
            Some(reply_to) => head.reply_to(reply_to.clone()),
            None => head,
        };
        self.headers.iter().fold(head, |head, (name, value)| {
            head.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value.clone()))
        })
    }
}

fn headers(mail: &Mail, key: &str, domain: &str) -> Vec<(&'static str, String)> {
    let mut headers = vec![("Message-ID", format!("<{key}@{domain}>")), (TRACE, key.to_owned())];
    if let Some(thread) = &mail.thread {
        // Nobody ever had this one: it is what all mails of the thread answer to.
        let root = format!("<{THREAD}{}@{domain}>", word(thread));
        headers.extend([("In-Reply-To", root.clone()), ("References", root)]);
    }
    if mail.automatic {
        // RFC 3834 section 5.
        headers.push(("Auto-Submitted", "auto-generated".to_owned()));
    }
    if let Some(address) = &mail.unsubscribe {
        // RFC 8058 section 3.1.
        headers.push(("List-Unsubscribe", format!("<{address}>")));
        headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    headers
}

/// What may stand in a `Message-ID` (RFC 5322 section 3.6.4), kept to letters, digits and `-`.
fn word(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

fn body(head: MessageBuilder, message: &Message) -> Result<Written, lettre::error::Error> {
    let text = SinglePart::plain(message.text.clone());
    match &message.html {
        None => head.singlepart(text),
        Some(html) => {
            let parts = MultiPart::alternative().boundary(format!("part-{}", message.key));
            head.multipart(parts.singlepart(text).singlepart(SinglePart::html(html.clone())))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn written(mail: Mail) -> Result<Message, Failure> {
        let from = "Acme Hélp <help@acme.example>".parse().unwrap();
        let now = "2026-07-25T17:20:00Z".parse().unwrap();
        Message::new(&from, None, mail, "019a0000-0000-7000-8000-000000000001", now)
    }

    fn mail() -> Mail {
        Mail { to: "ada@customer.example".to_owned(), text: "Hello".to_owned(), ..Mail::default() }
    }

    #[test]
    fn a_mail_is_written_in_seven_bits() {
        let subject = "Der Export schlägt fehl".to_owned();
        let thread = Some("41207 >".to_owned());
        let html = Some("<p>Grüße</p>".to_owned());
        let text = format!(".\nمرحبًا {}", "long ".repeat(30));
        let message = written(Mail { subject, text, html, thread, automatic: true, ..mail() }).unwrap();
        let bytes = String::from_utf8(message.bytes().unwrap()).unwrap();
        assert!(bytes.is_ascii());
        assert!(bytes.split('\n').all(|line| line.len() <= 79), "{bytes}");
        insta::assert_snapshot!(bytes.replace("\r\n", "\n"));
    }

    #[test]
    fn only_who_can_unsubscribe_is_told_how() {
        let said = |mail: Mail| String::from_utf8(written(mail).unwrap().bytes().unwrap()).unwrap();
        let address = "https://help.acme.example/letters/off/0123456789abcdef0123456789abcdef0123456789abcdef";
        let digest = said(Mail { unsubscribe: Some(address.to_owned()), ..mail() });
        assert!(digest.contains(&format!("\r\nList-Unsubscribe: <{address}>\r\n")), "{digest}");
        assert!(digest.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{digest}");
        assert!(!said(mail()).contains("Unsubscribe"));
    }

    #[test]
    fn no_value_begins_another_header() {
        let check = |mail: Mail| assert!(matches!(written(mail), Err(Failure::Reject { lasting: false, .. })));
        check(Mail { subject: "Hello\r\nBcc: all@example.com".to_owned(), ..mail() });
        check(Mail { subject: "Hello\nBcc: all@example.com".to_owned(), ..mail() });
        check(Mail { thread: Some("1\r\nBcc: all@example.com".to_owned()), ..mail() });
        check(Mail { to: "ada@customer.example>\r\nDATA".to_owned(), ..mail() });
        check(Mail { to: String::new(), ..mail() });
        check(Mail { unsubscribe: Some("https://a.example\r\nBcc: all@example.com".to_owned()), ..mail() });
    }
}
