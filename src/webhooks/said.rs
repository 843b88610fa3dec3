//! What the body of a webhook says, whoever sent it.

use anyhow::Result;
use jiff::Timestamp;
use serde_json::Value;

use super::{Sender, Way, bounces, freshdesk, intercom, standard, zendesk};
use crate::mail::arrived::Arrived;
use crate::mail::suppression::Report;
use crate::tickets::Attachments;
use crate::tickets::desk::News;

/// What a body says.
#[derive(Debug)]
pub(super) enum Said {
    Nothing,
    News(Box<News>),
    Mail(Box<Arrived>),
    /// Of addresses, and what became of a mail, by our id of it.
    Reports {
        reports: Vec<Report>,
        mail: Option<(String, bounces::Fate)>,
    },
}

impl Sender {
    /// What a body says; nothing when it is about no ticket and no mail. `limits`: of the files of a mail that is to be
    /// fetched.
    ///
    /// # Errors
    /// What cannot be read, or had from where it is.
    pub(super) async fn said(
        &self,
        name: &str,
        body: &Value,
        received: Timestamp,
        limits: &Attachments,
        now: Timestamp,
    ) -> Result<Said> {
        let news = match &self.way {
            _ if body.is_null() => None,
            Way::Mail(_) => None,
            Way::Zendesk(_) => zendesk::news(&self.desk, body, received)?,
            Way::Freshdesk(_) => freshdesk::news(&self.desk, body, received)?,
            Way::Intercom(_) => intercom::news(&self.desk, body, received)?,
            Way::Standard(_) => standard::news(&self.desk, body, received)?,
            Way::Bounces(bounces) => {
                if let Some(mail) = bounces.arrived(body, limits, now).await? {
                    return Ok(Said::Mail(Box::new(mail)));
                }
                let (reports, mail) = (bounces.reports(name, body, received)?, bounces.mail(body));
                return Ok(Said::Reports { reports, mail });
            }
        };
        Ok(news.map_or(Said::Nothing, |news| Said::News(Box::new(news))))
    }
}
