//! Servers in processes of their own, and what the system knows of them.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::client;

/// A server that is stopped when dropped.
pub struct Program {
    child: Child,
    /// Host and port.
    pub address: String,
}

/// The optimised program cargo built beside this benchmark.
const SIGNPOST: &str = env!("CARGO_BIN_EXE_signpost");
/// What Linux counts processor time in, per second (`USER_HZ`).
const TICKS: f64 = 100.0;

impl Program {
    /// `signpost serve`; returns once it listens.
    pub fn serve(content: &Path, data: &Path) -> Result<Self> {
        std::fs::create_dir_all(data)?;
        let mut command = Command::new(SIGNPOST);
        command.args(["serve", "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--content"]);
        Self::start(command.arg(content).arg("--data").arg(data).current_dir(data), &data.join("log.txt"))
    }

    /// `signpost serve` with further settings, that takes as many events and tickets as come; returns once it listens.
    pub fn collecting(content: &Path, data: &Path, settings: &str) -> Result<Self> {
        std::fs::create_dir_all(data)?;
        std::fs::write(data.join("signpost.toml"), settings)?;
        let mut command = Command::new(SIGNPOST);
        let most = u32::MAX.to_string();
        command.envs([("SIGNPOST__EVENTS__PER_SESSION", &most), ("SIGNPOST__EVENTS__PER_ADDRESS", &most)]);
        command.env("SIGNPOST__TICKETS__PER_ADDRESS", &most).env("SIGNPOST__TICKETS__FILL_SECONDS", "0");
        command.env("SIGNPOST__SERVER__UPLOADS_PER_ADDRESS", &most);
        command.args(["serve", "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--content"]);
        Self::start(command.arg(content).arg("--data").arg(data).current_dir(data), &data.join("log.txt"))
    }

    /// This program as the server to be compared with.
    pub fn bare(folder: &Path) -> Result<Self> {
        Self::start(Command::new(std::env::current_exe()?).arg("--bare").arg(folder), &folder.join("log.txt"))
    }

    /// This program as the site: the server `signpost serve` is, but for what that does in idle time.
    pub fn site(content: &Path, data: &Path) -> Result<Self> {
        std::fs::create_dir_all(data)?;
        let mut command = Command::new(std::env::current_exe()?);
        Self::start(command.arg("--site").args([content, data]).current_dir(data), &data.join("log.txt"))
    }

    fn start(command: &mut Command, log: &PathBuf) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(File::create(log)?).spawn()?;
        let mut output = BufReader::new(child.stdout.take().context("standard output was piped")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let Some(address) = line.trim().strip_prefix("listening on http://") else {
            bail!("the server did not start: {}", std::fs::read_to_string(log)?);
        };
        Ok(Self { child, address: address.to_owned() })
    }

    /// Asks until `/readyz` answers 200.
    pub async fn ready(&self) -> Result<()> {
        let until = Instant::now() + Duration::from_secs(60);
        while let Err(cause) = client::fetch(&self.address, "/readyz", "identity").await {
            anyhow::ensure!(Instant::now() < until, "the server is not ready after a minute: {cause:#}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// Waits until it uses the processor no more: what a server does in idle time is done.
    pub async fn idle(&self) -> Result<()> {
        loop {
            let before = self.processor_time()?;
            tokio::time::sleep(Duration::from_secs(1)).await;
            if self.processor_time()? - before <= Duration::from_secs_f64(1.0 / TICKS) {
                return Ok(());
            }
        }
    }

    /// Resident memory, in bytes (`VmRSS` of proc(5)).
    pub fn resident(&self) -> Result<u64> {
        let status = proc(self.child.id(), "status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes * 1024)
    }

    /// Processor time it used so far.
    pub fn processor_time(&self) -> Result<Duration> {
        processor_time(self.child.id())
    }
}

/// Processor time a process used so far, in all its threads (proc(5), `utime` and `stime`).
pub fn processor_time(process: u32) -> Result<Duration> {
    let stat = proc(process, "stat")?;
    let (_, fields) = stat.rsplit_once(") ").context("no command in stat")?;
    let ticks = fields.split(' ').skip(11).take(2).map(str::parse::<f64>);
    Ok(Duration::from_secs_f64(ticks.sum::<Result<f64, _>>()? / TICKS))
}

fn proc(process: u32, name: &str) -> Result<String> {
    let path = format!("/proc/{process}/{name}");
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}; the benchmark needs Linux"))
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Err(cause) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("process {} could not be stopped: {cause}", self.child.id());
        }
    }
}
