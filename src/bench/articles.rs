//! One article page under load, beside a handler that does nothing but send the same bytes, headers and all.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use signpost::content::{Kind, Snapshot};
use signpost::identity::anonymous;

use crate::client::{self, Fetched};
use crate::load::Load;
use crate::process::Program;
use crate::table::{Table, count, ratio, time};

/// The article everything is measured with.
pub struct Article {
    pub path: String,
    pub html: Fetched,
    pub gzip: Fetched,
    pub brotli: Fetched,
}

/// Words of the article the byte budgets speak of.
const WORDS: u32 = 1000;
/// Each server's turns.
const ROUNDS: u32 = 8;

/// The path of the article with nearly a thousand words.
pub fn choose(snapshot: &Snapshot) -> Result<String> {
    let viewer = anonymous();
    let articles = snapshot.view(&viewer).pages().filter(|page| page.kind == Kind::Article && page.path.is_ascii());
    let page = articles.min_by_key(|page| page.prose.words.abs_diff(WORDS)).context("the content has no article")?;
    Ok(page.path.clone())
}

/// The article at `path`, as browsers get it.
pub async fn fetch(site: &Program, path: String) -> Result<Article> {
    let form = async |accept_encoding| client::fetch(&site.address, &path, accept_encoding).await;
    let (html, gzip, brotli) = (form("identity").await?, form("gzip").await?, form("br").await?);
    Ok(Article { path, html, gzip, brotli })
}

pub async fn measure(site: &Program, bare: &Program, article: &Article, seconds: u64, table: &mut Table) -> Result<()> {
    table.section([
        "Article page, in turns with a bare axum handler of the same bytes",
        "Signpost",
        "bare",
        "ratio",
        "aim",
    ]);
    let turn = Duration::from_secs(seconds) / ROUNDS;
    let forms = [("br", client::BROWSER, &article.brotli), ("identity", "identity", &article.html)];
    for (form, accepted, answer) in forms {
        for connections in [8, 64] {
            let (mut ours, mut theirs) = (Load::default(), Load::default());
            let their_path = format!("/{form}");
            ensure!(client::fetch(&bare.address, &their_path, accepted).await? == *answer, "the answers differ");
            for _ in 0..ROUNDS {
                ours.round(site, &client::get(&article.path, accepted), connections, turn).await?;
                theirs.round(bare, &client::get(&their_path, accepted), connections, turn).await?;
            }
            let name = format!("{connections} connections, {} bytes ({form}): ", count(answer.body.len() as u64));
            rows(table, &name, &mut ours, &mut theirs);
        }
    }
    Ok(())
}

fn rows(table: &mut Table, name: &str, ours: &mut Load, theirs: &mut Load) {
    let (many, bare_many) = (ours.per_second(), theirs.per_second());
    let cells = [
        format!("{name}requests/s"),
        count(many as u64),
        count(bare_many as u64),
        ratio(many, bare_many),
        "≥ 0.90".to_owned(),
    ];
    table.row(cells);
    let ([p50, p99], [bare_p50, bare_p99]) = (ours.quantiles([0.5, 0.99]), theirs.quantiles([0.5, 0.99]));
    let lines = [
        ("p50", p50, bare_p50),
        ("p99", p99, bare_p99),
        ("server's processor time", ours.processor(), theirs.processor()),
    ];
    for (what, ours, theirs) in lines {
        let share = ratio(ours.as_secs_f64(), theirs.as_secs_f64());
        table.row([format!("  {what}"), time(ours), time(theirs), share, String::new()]);
    }
}
