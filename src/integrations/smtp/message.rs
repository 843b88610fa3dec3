//! A mail as bytes (RFC 5322): seven bits a byte, text and HTML as alternatives (RFC 2046 section 5.1.4).

use std::fmt;
use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::{Address, Message as Written};

use crate::integrations::Failure;
use crate::mail::{self, Mail};

/// RFC 3834 section 5.
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
/// Names the mail where a server on the way gives it a `Message-ID` of its own.
const TRACE: HeaderName = HeaderName::new_from_ascii_str(mail::TRACE);

pub struct Message {
    pub from: Address,
    pub to: Address,
    pub bytes: Vec<u8>,
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
        if [Some(mail.subject.as_str()), mail.thread.as_deref(), Some(key)].into_iter().flatten().any(is_broken) {
            return Err(Failure::refused("`subject` or `thread` holds a line break or another control character"));
        }
        let head = head(from, reply_to, &to, &mail, key, now);
        let written =
            body(head, mail, key).map_err(|cause| Failure::refused(format!("no mail can be made: {cause}")))?;
        Ok(Self { from: from.email.clone(), to, bytes: written.formatted() })
    }
}

fn head(
    from: &Mailbox,
    reply_to: Option<&Mailbox>,
    to: &Address,
    mail: &Mail,
    key: &str,
    now: Timestamp,
) -> MessageBuilder {
    let domain = from.email.domain();
    let mut head = Written::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(&mail.subject)
        .date(SystemTime::from(now))
        .message_id(Some(format!("<{key}@{domain}>")))
        .raw_header(HeaderValue::new(TRACE, key.to_owned()));
    let own =
        mail.reply_to.as_ref().and_then(|address| address.parse().ok()).map(|address| Mailbox::new(None, address));
    if let Some(reply_to) = own.or_else(|| reply_to.cloned()) {
        head = head.reply_to(reply_to);
    }
    if let Some(thread) = &mail.thread {
        // Nobody ever had this one: it is what all mails of the thread answer to.
        let root = format!("<{}{}@{domain}>", mail::THREAD, word(thread));
        head = head.in_reply_to(root.clone()).references(root);
    }
    if mail.automatic {
        head = head.raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()));
    }
    head
}

/// What may stand in a `Message-ID` (RFC 5322 section 3.6.4), kept to letters, digits and `-`.
fn word(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

fn body(head: MessageBuilder, mail: Mail, key: &str) -> Result<Written, lettre::error::Error> {
    match mail.html {
        None => head.singlepart(SinglePart::plain(mail.text)),
        Some(html) => {
            let parts = MultiPart::alternative().boundary(format!("part-{key}"));
            head.multipart(parts.singlepart(SinglePart::plain(mail.text)).singlepart(SinglePart::html(html)))
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy(&self.bytes).replace("\r\n", "\n");
        write!(f, "MAIL FROM:<{}>\nRCPT TO:<{}>\n\n{text}", self.from, self.to)
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
        assert!(message.bytes.is_ascii());
        assert!(message.bytes.split(|&byte| byte == b'\n').all(|line| line.len() <= 79), "{message}");
        insta::assert_snapshot!(message);
    }

    #[test]
    fn no_value_begins_another_header() {
        let check = |mail: Mail| assert!(matches!(written(mail), Err(Failure::Reject { lasting: false, .. })));
        check(Mail { subject: "Hello\r\nBcc: all@example.com".to_owned(), ..mail() });
        check(Mail { subject: "Hello\nBcc: all@example.com".to_owned(), ..mail() });
        check(Mail { thread: Some("1\r\nBcc: all@example.com".to_owned()), ..mail() });
        check(Mail { to: "ada@customer.example>\r\nDATA".to_owned(), ..mail() });
        check(Mail { to: String::new(), ..mail() });
    }
}
