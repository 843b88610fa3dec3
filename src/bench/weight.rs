//! What a reader's browser loads, byte for byte.

use anyhow::{Context, Result};

use crate::articles::Article;
use crate::client;
use crate::process::Program;
use crate::table::{Table, count};

/// Bytes of one file: as it is, gzip, brotli.
type Forms = [usize; 3];

pub async fn measure(site: &Program, article: &Article, table: &mut Table) -> Result<()> {
    table.section([
        "Bytes of a first visit (an article of 1,000 words) and of a first search",
        "raw",
        "gzip",
        "brotli",
    ]);
    let html = String::from_utf8(article.html.body.clone())?;
    let page = [&article.html, &article.gzip, &article.brotli].map(|answer| answer.body.len());
    let style = linked(site, &html, "rel=\"stylesheet\" href=\"").await?;
    let script = linked(site, &html, "<script src=\"").await?;
    row(table, "HTML", page);
    row(table, "CSS", style);
    row(table, "JavaScript", script);
    row(table, "first visit", sum(&[page, style, script]));
    let glue = linked(site, &html, "data-islands=\"").await?;
    let wasm = linked(site, &html, "data-wasm=\"").await?;
    let results = forms(site, "/search/results?q=install&typing=1").await?;
    row(table, "islands: JavaScript glue", glue);
    row(table, "islands: WebAssembly", wasm);
    row(table, "first results", results);
    row(table, "first search, beside the visit", sum(&[glue, wasm, results]));
    Ok(())
}

fn row(table: &mut Table, name: &str, forms: Forms) {
    let [raw, gzip, brotli] = forms.map(|bytes| count(bytes as u64));
    table.row([name.to_owned(), raw, gzip, brotli]);
}

fn sum(parts: &[Forms]) -> Forms {
    std::array::from_fn(|form| parts.iter().map(|forms| forms[form]).sum())
}

/// The file whose address stands behind `before` in the page.
async fn linked(site: &Program, html: &str, before: &str) -> Result<Forms> {
    let behind = html.split_once(before).map(|(_, rest)| rest);
    let url = behind.and_then(|rest| rest.split('"').next()).with_context(|| format!("the page has no {before}"))?;
    forms(site, url).await
}

async fn forms(site: &Program, path: &str) -> Result<Forms> {
    let size =
        async |accept_encoding| anyhow::Ok(client::fetch(&site.address, path, accept_encoding).await?.body.len());
    Ok([size("identity").await?, size("gzip").await?, size("br").await?])
}
