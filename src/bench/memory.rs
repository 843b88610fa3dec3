//! Resident memory of the program that serves.

use anyhow::Result;

use crate::client::{self, Connection};
use crate::process::Program;
use crate::subject::Subject;
use crate::table::{Table, megabytes};
use crate::visits::paths;

/// Also leaves the program idle, with every page made: what the measurements of answers begin with.
pub async fn measure(site: &Program, subject: &Subject, table: &mut Table) -> Result<()> {
    table.section(["Resident memory", "all", "per 1,000 pages"]);
    site.ready().await?;
    row(table, "after the start", site.resident()?, subject);
    let sitemap = client::text(&site.address, "/sitemap.xml").await?;
    let mut connection = Connection::open(&site.address).await?;
    for path in paths(&sitemap, &format!("http://{}", site.address)) {
        connection.ask(&client::get(&path, client::BROWSER)).await?;
    }
    site.idle().await?;
    row(table, "after every page was asked for and improved", site.resident()?, subject);
    Ok(())
}

fn row(table: &mut Table, name: &str, bytes: u64, subject: &Subject) {
    let share = bytes as f64 * 1000.0 / subject.pages.max(1) as f64;
    table.row([name.to_owned(), megabytes(bytes), megabytes(share as u64)]);
}
