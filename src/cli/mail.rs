//! `signpost mail receive`: the end of a mail server's pipe. It writes the mail to the database, and a server that
//! runs meanwhile handles it within `delivery.look_ms`.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::mail::arrived::{Arrived, Envelope};
use crate::webhooks::{self, LARGEST_MAIL};

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
    /// Take a mail from standard input; ends with 0, with 65 for what is no mail, with 75 when it is to be sent again
    Receive {
        /// Where its errors go, as the mail server was told; empty for a mail that must not be answered
        #[arg(long, value_name = "ADDRESS")]
        sender: Option<String>,
        /// Whom it is for, as the mail server was told
        #[arg(long = "recipient", value_name = "ADDRESS")]
        recipients: Vec<String>,
    },
}

/// What mail servers know ends of programs by (`sysexits.h`).
const NO_MAIL: u8 = 65;
const TRY_AGAIN: u8 = 75;

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Command::Receive { sender, recipients } = &arguments.command;
    let envelope = Envelope { sender: sender.clone(), recipients: recipients.clone() };
    let mail = match read(&envelope) {
        Ok(Some(mail)) => mail,
        Ok(None) => return Ok(ExitCode::from(NO_MAIL)),
        Err(cause) => return Ok(again(&cause)),
    };
    let stored = super::with_store(&arguments.data, async |store| {
        webhooks::deposit(store, &mail, Timestamp::now()).await?;
        Ok(true)
    });
    Ok(stored.unwrap_or_else(|cause| again(&cause)))
}

/// Nothing where it is no mail that can be taken, which is said.
fn read(envelope: &Envelope) -> Result<Option<Arrived>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(LARGEST_MAIL)?;
    std::io::stdin().take(most + 1).read_to_end(&mut bytes).context("cannot read standard input")?;
    if bytes.len() > LARGEST_MAIL {
        eprintln!("the mail has more than {} MB", LARGEST_MAIL >> 20);
        return Ok(None);
    }
    let mail = Arrived::read(&bytes, envelope);
    if let Err(cause) = &mail {
        eprintln!("standard input holds no mail: {cause}");
    }
    Ok(mail.ok())
}

fn again(cause: &anyhow::Error) -> ExitCode {
    eprintln!("the mail is not taken, send it again: {cause:#}");
    ExitCode::from(TRY_AGAIN)
}
