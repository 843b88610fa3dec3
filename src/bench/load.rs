//! Many connections asking as fast as they get answers: the same thing, or one of many after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::task::JoinSet;

use crate::client::Connection;
use crate::process::Program;
use crate::table::quantile;

/// What a server did under load, over all rounds.
#[derive(Default)]
pub struct Load {
    latencies: Vec<Duration>,
    elapsed: Duration,
    processor_time: Duration,
}

impl Load {
    /// One more round of `length` with `connections` open.
    pub async fn round(
        &mut self,
        server: &Program,
        request: &[u8],
        connections: usize,
        length: Duration,
    ) -> Result<()> {
        let request: Arc<[u8]> = request.into();
        let until = Instant::now() + length;
        self.together(server, connections, |connection| ask(connection, request.clone(), until)).await
    }

    /// One more turn: each of `requests` once, whichever of the connections is free; `expect` is the status of every
    /// answer.
    pub async fn turn(
        &mut self,
        server: &Program,
        requests: &Arc<[Vec<u8>]>,
        connections: usize,
        expect: u16,
    ) -> Result<()> {
        let next = Arc::new(AtomicUsize::default());
        self.together(server, connections, |connection| ask_all(connection, requests.clone(), next.clone(), expect))
            .await
    }

    /// What `ask` does on each of the connections, which are opened before the clock runs.
    pub async fn together<F>(
        &mut self,
        server: &Program,
        connections: usize,
        ask: impl Fn(Connection) -> F,
    ) -> Result<()>
    where
        F: Future<Output = Result<Vec<Duration>>> + Send + 'static,
    {
        let mut open = Vec::new();
        for _ in 0..connections {
            open.push(Connection::open(&server.address).await?);
        }
        let (before, start) = (server.processor_time()?, Instant::now());
        let mut clients: JoinSet<_> = open.into_iter().map(ask).collect();
        while let Some(latencies) = clients.join_next().await {
            self.latencies.extend(latencies??);
        }
        self.elapsed += start.elapsed();
        self.processor_time += server.processor_time()? - before;
        Ok(())
    }

    pub fn per_second(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// Processor time of the server for one request: what does not depend on who else uses the machine.
    pub fn processor(&self) -> Duration {
        self.processor_time / self.latencies.len().max(1) as u32
    }

    /// The latencies below which these shares of all are.
    pub fn quantiles<const N: usize>(&mut self, shares: [f64; N]) -> [Duration; N] {
        self.latencies.sort_unstable();
        shares.map(|share| quantile(&self.latencies, share))
    }
}

async fn ask(mut connection: Connection, request: Arc<[u8]>, until: Instant) -> Result<Vec<Duration>> {
    let mut latencies = Vec::with_capacity(1 << 16);
    let length = connection.ask(&request).await?.length;
    loop {
        let start = Instant::now();
        if start >= until {
            return Ok(latencies);
        }
        connection.ask_again(&request, length).await?;
        latencies.push(start.elapsed());
    }
}

async fn ask_all(
    mut connection: Connection,
    requests: Arc<[Vec<u8>]>,
    next: Arc<AtomicUsize>,
    expect: u16,
) -> Result<Vec<Duration>> {
    let mut latencies = Vec::with_capacity(requests.len());
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let start = Instant::now();
        let status = connection.ask(request).await?.status;
        latencies.push(start.elapsed());
        ensure!(status == expect, "{} was answered with {status}", String::from_utf8_lossy(request));
    }
    Ok(latencies)
}
