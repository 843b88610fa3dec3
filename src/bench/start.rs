//! From starting the process to the first reader served.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::Subject;
use crate::process::Program;
use crate::table::{Table, median, time};

const TIMES: usize = 5;

pub async fn measure(subject: &Subject, table: &mut Table) -> Result<()> {
    table.section(["From process start until /readyz answers 200 (median of 5)", "time", "aim"]);
    let mut cold = Vec::new();
    for number in 0..TIMES {
        cold.push(start(&subject.content, &subject.folder(&format!("cold-{number}"))).await?);
    }
    table.row(["cold: empty data directory".to_owned(), time(median(cold)), "≤ 4.3 s".to_owned()]);
    let mut warm = Vec::new();
    for _ in 0..TIMES {
        warm.push(start(&subject.content, &subject.folder("cold-0")).await?);
    }
    table.row(["warm: unchanged content".to_owned(), time(median(warm)), "< 1 s".to_owned()]);
    Ok(())
}

async fn start(content: &Path, data: &Path) -> Result<Duration> {
    let start = Instant::now();
    let program = Program::serve(content, data)?;
    program.ready().await?;
    Ok(start.elapsed())
}
