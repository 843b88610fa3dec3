//! From saving a file to finding its new word.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::client::{self, Connection};
use crate::process::Program;
use crate::subject::Subject;
use crate::table::{Table, median, time};

const TIMES: usize = 7;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(2);
const PATIENCE: Duration = Duration::from_secs(30);

/// Edits pages of a copy of the content while the program serves it.
pub async fn measure(subject: &Subject, table: &mut Table) -> Result<()> {
    table.section(["One edit, from the write until search finds the new word", "median", "worst", "aim"]);
    let content = subject.folder("edited");
    let mut pages = Vec::new();
    copy(&subject.content, &content, &mut pages)?;
    pages.sort();
    let program = Program::serve(&content, &subject.folder("edited-data"))?;
    program.ready().await?;
    let mut times = Vec::new();
    for number in 0..TIMES {
        let page = pages.get(pages.len() * number / TIMES).context("there is no page to edit")?;
        times.push(edit(&program, page, number).await?);
    }
    let worst = times.iter().max().copied().unwrap_or_default();
    table.row([
        format!("{TIMES} edits, while pages are improved in idle time"),
        time(median(times)),
        time(worst),
        "< 1 s".to_owned(),
    ]);
    Ok(())
}

async fn edit(program: &Program, page: &Path, number: usize) -> Result<Duration> {
    let word = format!("zyzzyva{number}");
    let text = fs::read_to_string(page)? + &format!("\n\nA sentence with {word}.\n");
    let request = client::get(&format!("/api/v1/search?q={word}"), client::BROWSER);
    let mut connection = Connection::open(&program.address).await?;
    let start = Instant::now();
    fs::write(page, text)?;
    loop {
        let answer = connection.ask(&request).await?;
        if String::from_utf8_lossy(answer.body).contains("\"total\":1,") {
            return Ok(start.elapsed());
        }
        ensure!(start.elapsed() < PATIENCE, "an edit of {} is not found after {PATIENCE:?}", page.display());
        tokio::time::sleep(LOOK).await;
    }
}

/// Copies a folder and lists the Markdown in it.
fn copy(from: &Path, to: &Path, pages: &mut Vec<PathBuf>) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (entry, target) = entry.map(|entry| (entry.path(), to.join(entry.file_name())))?;
        if entry.is_dir() {
            copy(&entry, &target, pages)?;
        } else {
            fs::copy(&entry, &target)?;
            pages.extend(target.extension().is_some_and(|kind| kind == "md").then_some(target.clone()));
        }
    }
    Ok(())
}
