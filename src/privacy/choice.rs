//! A reader's choice: in the reader's cookie, and as a row that proves it.

use anyhow::{Context, Result};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Grants, Settings, Signal};
use crate::store::Store;

/// What a reader chose, as the cookie holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Of the row that proves it.
    pub id: Uuid,
    pub grants: Grants,
    /// Version of the words the reader was shown.
    pub text_version: String,
}

impl Choice {
    /// Seconds it counts before the reader is asked again: half a year.
    pub const LASTS: i64 = 182 * 86_400;

    pub fn cookie(&self) -> String {
        format!("{}.{}.{}", self.id.simple(), self.grants.letters(), self.text_version)
    }

    /// Who chose under other words did not choose under these.
    pub fn counts(&self, settings: &Settings) -> bool {
        self.text_version == settings.text_version
    }

    /// From the cookie; nothing from one that is not ours.
    pub fn of_cookie(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let (id, letters, version) = (parts.next()?, parts.next()?, parts.next()?);
        let grants = Grants::of_letters(letters);
        (grants.letters() == letters).then_some(())?;
        Some(Self { id: id.parse().ok()?, grants, text_version: version.to_owned() })
    }
}

/// What surrounds a choice: what the reader saw, where and how.
#[derive(Debug)]
pub struct Asked<'a> {
    pub session: Option<&'a str>,
    pub locale: &'a str,
    pub country: Option<&'a str>,
    /// Purposes that were offered.
    pub shown: Grants,
    pub signal: Option<Signal>,
    /// `banner` or `page`.
    pub way: &'a str,
}

/// Writes the proof of a choice down.
///
/// # Errors
/// A database that cannot be written.
pub async fn record(store: &Store, choice: &Choice, asked: &Asked<'_>, now: Timestamp) -> Result<()> {
    let names = |grants: Grants| serde_json::to_string(&grants).expect("a list of names is JSON");
    sqlx::query(
        "insert into consents (id, at, session, text_version, locale, region, shown, granted, signal, way)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(choice.id.to_string())
    .bind(now.as_millisecond())
    .bind(asked.session)
    .bind(&choice.text_version)
    .bind(asked.locale)
    .bind(asked.country)
    .bind(names(asked.shown))
    .bind(names(choice.grants))
    .bind(asked.signal.map(Signal::name))
    .bind(asked.way)
    .execute(store.writer())
    .await
    .context("cannot write down what a reader chose")?;
    Ok(())
}

/// What readers chose on a day: how many answered, and how many granted each purpose.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Day {
    /// Days since 1970-01-01 UTC.
    pub day: i64,
    pub answers: i64,
    pub preferences: i64,
    pub analytics: i64,
    pub marketing: i64,
}

/// The newest `limit` days on which somebody chose.
///
/// # Errors
/// A database that cannot be read.
pub async fn choices_by_day(store: &Store, limit: u32) -> Result<Vec<Day>> {
    let days = sqlx::query_as(
        "select at / 86400000 as day, count(*) as answers,
             sum(granted like '%\"preferences\"%') as preferences,
             sum(granted like '%\"analytics\"%') as analytics,
             sum(granted like '%\"marketing\"%') as marketing
         from consents group by 1 order by 1 desc limit $1",
    );
    Ok(days.bind(limit).fetch_all(store.readers()).await?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use app::model::Purpose;

    use super::*;

    #[test]
    fn a_cookie_is_read_back_or_not_at_all() {
        let grants = Grants::of([Purpose::Analytics, Purpose::Marketing]);
        let choice = Choice { id: Uuid::from_u128(7), grants, text_version: "2026-11".to_owned() };
        assert_eq!(choice.cookie(), "00000000000000000000000000000007.am.2026-11");
        assert_eq!(Choice::of_cookie(&choice.cookie()), Some(choice));
        for wrong in ["", "7.am.1", "00000000000000000000000000000007.amx.1", "00000000000000000000000000000007.a"] {
            assert_eq!(Choice::of_cookie(wrong), None, "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_proof_is_never_changed() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::store::open(folder.path()).await.unwrap();
        let choice = Choice { id: Uuid::from_u128(7), grants: Grants::NONE, text_version: "1".to_owned() };
        let asked = Asked {
            session: None,
            locale: "en",
            country: Some("DE"),
            shown: Grants::of([Purpose::Analytics]),
            signal: None,
            way: "banner",
        };
        record(&store, &choice, &asked, Timestamp::UNIX_EPOCH).await.unwrap();
        let (shown, granted): (String, String) =
            sqlx::query_as("select shown, granted from consents").fetch_one(store.readers()).await.unwrap();
        assert_eq!((shown.as_str(), granted.as_str()), (r#"["analytics"]"#, "[]"));
        let changed = sqlx::query("update consents set granted = '[\"analytics\"]'").execute(store.writer()).await;
        assert!(changed.unwrap_err().to_string().contains("never changed"));
    }
}
