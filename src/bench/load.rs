//! Many connections asking the same thing as fast as they get answers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
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
        let mut open = Vec::new();
        for _ in 0..connections {
            open.push(Connection::open(&server.address).await?);
        }
        let (before, start) = (server.processor_time()?, Instant::now());
        let mut clients = JoinSet::new();
        for connection in open {
            clients.spawn(ask(connection, request.clone(), start + length));
        }
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

    /// p50 and p99.
    pub fn quantiles(&mut self) -> (Duration, Duration) {
        self.latencies.sort_unstable();
        (quantile(&self.latencies, 0.5), quantile(&self.latencies, 0.99))
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
