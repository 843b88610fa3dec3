//! `signpost user`: who may sign in. A server that runs meanwhile sees every change at once.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::search::say;
use crate::config::{self, Config};
use crate::delivery::outbox;
use crate::mail::{self, Letter, Reader};
use crate::passes::{self, Purpose};
use crate::site::Address;
use crate::staff::account::{self, Account, Email, New, Role};
use crate::staff::{invitation, password, session};
use crate::store::Store;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of the database
    #[arg(long, value_name = "DIR", default_value = ".signpost", global = true)]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an account
    Add {
        /// What they sign in with
        email: Email,
        /// Name as readers and colleagues see it
        #[arg(long)]
        name: String,
        #[arg(long, value_enum, default_value_t = Role::Agent)]
        role: Role,
        #[command(flatten)]
        password: NewPassword,
    },
    /// Send a link by which somebody chooses a password; makes the account where there is none
    Invite {
        /// What they will sign in with
        email: Email,
        /// Name as readers and colleagues see it; without it what stands before the @
        #[arg(long)]
        name: Option<String>,
        #[arg(long, value_enum, default_value_t = Role::Agent)]
        role: Role,
        /// Settings file, which says the site's address; without it `signpost.toml` of the working directory
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Show every account
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give an account another password, which ends its sessions
    Password {
        email: Email,
        #[command(flatten)]
        password: NewPassword,
    },
    /// Let nobody sign in with an account any more; ends its sessions
    Disable { email: Email },
    /// Let an account sign in again
    Enable { email: Email },
    /// End every session of an account
    SignOut { email: Email },
}

#[derive(Debug, Args)]
struct NewPassword {
    /// Read the password from standard input; without it one is made and printed, once
    #[arg(long)]
    password_stdin: bool,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    super::with_store(&arguments.data, async |store| obey(&arguments.command, store, Timestamp::now()).await)
}

/// False when there is no account of that e-mail address.
async fn obey(command: &Command, store: &Store, now: Timestamp) -> Result<bool> {
    let email = match command {
        Command::Add { email, name, role, password } => {
            let given = password.given()?;
            account::add(store, New { email, name, role: *role, password: &given }, now).await?;
            say(&format!("{email} may sign in as {role}"))?;
            return password.tell(&given).map(|()| true);
        }
        Command::Invite { email, name, role, config } => {
            let name = name.as_deref().unwrap_or_else(|| email.as_str().split('@').next().unwrap_or_default());
            let config = config::read(config.as_deref(), std::env::vars())?;
            return invite(store, &config, email, name, *role, now).await.map(|()| true);
        }
        Command::List { json } => {
            let accounts = account::list(store).await?;
            say(&if *json { serde_json::to_string_pretty(&accounts)? } else { for_people(&accounts) })?;
            return Ok(true);
        }
        Command::Password { email, .. }
        | Command::Disable { email }
        | Command::Enable { email }
        | Command::SignOut { email } => email,
    };
    match account::find(store, email).await? {
        Some(account) => change(command, store, &account, now).await.map(|()| true),
        None => {
            eprintln!("there is no account {email}; see `signpost user list`");
            Ok(false)
        }
    }
}

/// The letter and the secret in it are written as one, for a server to send that has this database.
async fn invite(store: &Store, config: &Config, email: &Email, name: &str, role: Role, now: Timestamp) -> Result<()> {
    let url = config.site.url.as_deref().context("write the site's address as `url` in [site] of the settings")?;
    let account = invitation::prepare(store, email, name, role, now).await?;
    let mut transaction = store.writer().begin().await?;
    let secret = passes::issue(&mut transaction, Purpose::Invitation, &account, now).await?;
    let link = Address::parse(url).absolute(&format!("/agent/welcome/{secret}"));
    let days = u32::try_from(Purpose::Invitation.lasts().as_hours() / 24)?;
    let reader = Reader { address: email.as_str(), locale: &config.content.default_locale };
    let site = config.site.name.as_deref().unwrap_or("Help center");
    let letter = mail::written(&Letter::Invitation { link: &link, days }, site, reader);
    outbox::enqueue(&mut transaction, mail::CHANNEL, letter.deed(), None, None, now).await?;
    transaction.commit().await?;
    say(&format!("{email} is invited to choose a password; the mail goes as soon as a server runs that can send it"))
}

async fn change(command: &Command, store: &Store, account: &Account, now: Timestamp) -> Result<()> {
    let Account { id, email, .. } = account;
    match command {
        Command::Password { password, .. } => {
            let given = password.given()?;
            account::set_password(store, id, &given, None).await?;
            say(&format!("{email} has another password and is signed out everywhere"))?;
            password.tell(&given)
        }
        Command::Disable { .. } => {
            account::set_disabled(store, id, Some(now)).await?;
            say(&format!("{email} is signed out and cannot sign in any more"))
        }
        Command::Enable { .. } => {
            account::set_disabled(store, id, None).await?;
            say(&format!("{email} may sign in again"))
        }
        Command::SignOut { .. } => {
            let ended = session::end_all(store.writer(), id, None).await?;
            say(&format!("{email} is signed out; sessions ended: {ended}"))
        }
        Command::Add { .. } | Command::Invite { .. } | Command::List { .. } => {
            unreachable!("these name no account that is there")
        }
    }
}

impl NewPassword {
    fn given(&self) -> Result<SecretString> {
        if !self.password_stdin {
            return Ok(password::generated());
        }
        let mut text = String::new();
        std::io::stdin()
            .take(64 * 1024)
            .read_to_string(&mut text)
            .context("cannot read the password from standard input")?;
        Ok(text.trim_end_matches(['\r', '\n']).into())
    }

    /// Prints a password that was made here, which is kept nowhere.
    fn tell(&self, password: &SecretString) -> Result<()> {
        match self.password_stdin {
            true => Ok(()),
            false => say(&format!("Password, shown only now: {}", password.expose_secret())),
        }
    }
}

fn for_people(accounts: &[Account]) -> String {
    if accounts.is_empty() {
        return "There is no account yet; make one with `signpost user add EMAIL --name NAME`.".to_owned();
    }
    let line = |account: &Account| {
        let Account { email, name, role, disabled_at, .. } = account;
        format!("{email}  {role}  {name}{}", if disabled_at.is_some() { "  (disabled)" } else { "" })
    };
    accounts.iter().map(line).collect::<Vec<_>>().join("\n")
}
