//! From starting the process to the first reader served.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::process::Program;
use crate::subject::Subject;
use crate::table::{Table, median, time};

const TIMES: usize = 5;

pub async fn measure(subject: &Subject, table: &mut Table) -> Result<()> {
    table.section(["From process start until /readyz answers 200, median of 5", "time", "processor", "aim"]);
    let mut cold = Vec::new();
    for number in 0..TIMES {
        cold.push(start(&subject.content, &subject.folder(&format!("cold-{number}"))).await?);
    }
    row(table, "cold: empty data directory", cold, "≤ 4.3 s");
    let mut warm = Vec::new();
    for _ in 0..TIMES {
        warm.push(start(&subject.content, &subject.folder("cold-0")).await?);
    }
    row(table, "warm: unchanged content", warm, "< 1 s");
    Ok(())
}

fn row(table: &mut Table, name: &str, times: Vec<(Duration, Duration)>, aim: &str) {
    let (time_taken, processor) = times.into_iter().unzip();
    table.row([name.to_owned(), time(median(time_taken)), time(median(processor)), aim.to_owned()]);
}

/// By the clock, and of the processor.
async fn start(content: &Path, data: &Path) -> Result<(Duration, Duration)> {
    let start = Instant::now();
    let program = Program::serve(content, data)?;
    program.ready().await?;
    Ok((start.elapsed(), program.processor_time()?))
}
