//! What a reader does until nothing is left but to send.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use uuid::Uuid;

use crate::client::{Connection, get_as, post};
use crate::load::Load;
use crate::process::Program;
use crate::telling::{VISIT, batch};

/// Steps of a reader's trail.
const STEPS: u64 = 10;
const FORM: &str = "application/x-www-form-urlencoded";
const BOUNDARY: &str = "----geckoformboundary8d1f3c6a2b";
/// What a reader writes: a subject, and a text of some sentences.
const DRAFT: &str = "subject=The+export+of+invoices+ends+with+an+error&name=Ada&email=ada%40customer.example&website=&\
    page=%2Fguide%2Finstall&release=4.2.1&text=Since+the+update+of+yesterday+the+export+of+invoices+ends+with+an+error\
    +after+some+seconds.+It+used+to+work+for+the+same+month.+I+tried+another+browser+and+signed+in+again%2C+and+I+read\
    +what+the+guide+says+about+large+exports.+Smaller+ones+work.+Our+auditors+wait+for+the+file+until+Friday.";

/// The last requests of `count` readers, ready to be sent.
pub async fn prepare(site: &Program, count: u64, readers: usize, load: &mut Load) -> Result<Arc<[Vec<u8>]>> {
    let (left, ready) = (Arc::new(AtomicU64::new(count)), Arc::new(Mutex::new(Vec::new())));
    load.together(site, readers, |mut connection| {
        let (left, ready) = (left.clone(), ready.clone());
        async move {
            let mut times = Vec::new();
            while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                let start = Instant::now();
                let request = ask(&mut connection).await?;
                times.push(start.elapsed());
                ready.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            }
            Ok(times)
        }
    })
    .await?;
    let mut ready = ready.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *ready).into())
}

/// A reader who granted nothing looks around, fills in the form and looks at what goes along.
async fn ask(connection: &mut Connection) -> Result<Vec<u8>> {
    let cookies = format!("{VISIT}={}", Uuid::now_v7().simple());
    let told = connection.ask(&post("/api/v1/events", &cookies, "text/plain", &batch(STEPS))).await?.status;
    ensure!(told == 204, "a reader's steps were answered with {told}");
    let written = connection.ask(&post("/contact/question", &cookies, FORM, DRAFT)).await?;
    let body = String::from_utf8_lossy(written.body);
    let path = written.header("location").with_context(|| format!("a form was answered with {body}"))?.to_owned();
    let look = connection.ask(&get_as(&path, &cookies)).await?;
    let page = std::str::from_utf8(look.body)?;
    let pieces: Vec<_> = page.split(r#"name="piece" value=""#).skip(1).filter_map(|it| it.split('"').next()).collect();
    ensure!(pieces.len() as u64 >= STEPS, "{} of {STEPS} steps go along", pieces.len());
    Ok(post(&path, &cookies, &format!("multipart/form-data; boundary={BOUNDARY}"), &form(&pieces)))
}

/// Everything stays ticked.
fn form(pieces: &[&str]) -> String {
    let fields = pieces.iter().map(|piece| ("piece", *piece)).chain([("deed", "send")]);
    let parts = fields.map(|(name, value)| {
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    });
    parts.chain([format!("--{BOUNDARY}--\r\n")]).collect()
}
