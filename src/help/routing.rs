//! Names that `routing.yml` takes from the rest of the help center: are they there?

use anyhow::Result;
use tracing::warn;

use super::{Help, destinations};
use crate::config::Config;
use crate::delivery::alerts;
use crate::routing::{Kind, Known};
use crate::staff::account;
use crate::tickets;

/// What the rules for tickets may name of the settings.
///
/// # Errors
/// Settings that cannot be used.
pub fn known(config: &Config) -> Result<Known> {
    let mut known = tickets::known(&config.tickets);
    let desks = destinations(config).build()?;
    known.insert(
        Kind::Channel,
        desks.iter().filter(|(_, it)| alerts::takes(it)).map(|(name, _)| name.clone()).collect(),
    );
    known.insert(Kind::Desk, desks.into_iter().map(|(name, _)| name).collect());
    Ok(known)
}

impl Help {
    /// Names in `routing.yml` that mean nothing are told to the log; the rules work without them.
    pub(super) async fn check_routing(&self) -> Result<()> {
        let Some(file) = self.config.tickets.routing.as_ref().map(|file| file.display().to_string()) else {
            return Ok(());
        };
        let mut known = known(&self.config)?;
        let accounts = account::list(&self.store).await?;
        known.insert(Kind::Agent, accounts.into_iter().map(|account| account.email.to_string()).collect());
        known.insert(Kind::Topic, self.edition.load().snapshot.categories());
        self.tickets.rules().check_against(&file, &known).iter().for_each(|problem| warn!("{problem}"));
        Ok(())
    }
}
