//! `signpost user`: who may sign in. A server that runs meanwhile sees every change at once.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::search::say;
use crate::staff::account::{self, Account, Email, New, Role};
use crate::staff::{password, session};
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
        Command::Add { .. } | Command::List { .. } => unreachable!("these name no account that is there"),
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
