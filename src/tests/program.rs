//! The program itself, in a process of its own, as an operator starts it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::json;
use signpost::integrations::http::choose_cryptography;

const SIGNPOST: &str = env!("CARGO_BIN_EXE_signpost");

/// A server that is killed when dropped.
struct Program {
    child: Child,
    url: String,
}

impl Program {
    /// Serves the manual with `settings`; its data and its log, which says all it can, lie in `folder`.
    fn serve(folder: &Path, settings: &str) -> Self {
        Self::logging(folder, settings, File::create(folder.join("log.txt")).unwrap().into())
    }

    fn logging(folder: &Path, settings: &str, log: Stdio) -> Self {
        // Of those who ask it: no other test need have run before.
        choose_cryptography();
        std::fs::write(folder.join("signpost.toml"), settings).unwrap();
        let mut child = Command::new(SIGNPOST)
            .args(["serve", "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0", "--data", "data"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}")).to_owned();
        Self { child, url }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub fn signpost(folder: &Path, words: &[&str]) -> Output {
    Command::new(SIGNPOST).args(words).current_dir(folder).output().unwrap()
}

/// Every file below `folder`.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn what_names_a_person_is_neither_in_the_database_nor_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::serve(folder.path(), "[log]\nfilter = \"debug\"\nrequests = true");
    let reader = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        .build()
        .unwrap();
    let allowed =
        format!("__Host-signpost-consent={}.a.1; __Host-signpost-visit={}", "0".repeat(32), uuid::Uuid::now_v7());
    let planted = ["ada.lovelace@example.com", "4111111111111111", "4111 1111 1111 1111", "+49 30 90182077"];
    for text in planted {
        let url = |path: &str| format!("{}{path}", program.url);
        let ask = reader.get(url("/search")).query(&[("q", text)]).header("cookie", &allowed);
        let page = ask.send().await.unwrap().text().await.unwrap();
        if let Some(via) = page.split("<a href=\"/go/").nth(1) {
            let go = reader.get(url(&format!("/go/{}", via.split('"').next().unwrap()))).header("cookie", &allowed);
            assert_eq!(go.send().await.unwrap().status(), 303);
        }
        let clicked = json!({ "kind": "search_result_clicked", "query": text, "article": "start", "rank": 1 });
        let met = json!({ "kind": "error_met", "message": format!("no {text} here"), "page": format!("/{text}") });
        let tell = reader.post(url("/api/v1/events")).header("cookie", &allowed);
        let told = tell.body(json!({ "events": [clicked, met] }).to_string()).send().await.unwrap();
        assert_eq!(told.status(), 204);
        let vote = [("helpful", "no"), ("comment", text)];
        let voted =
            reader.post(url("/feedback/write-markdown")).header("cookie", &allowed).form(&vote).send().await.unwrap();
        assert_eq!(voted.status(), 303);
    }
    let kept = files(folder.path());
    assert!(
        kept.iter().any(|file| file.ends_with("signpost.db-wal")),
        "the write-ahead log is looked at while it is there"
    );
    for file in kept {
        let bytes = std::fs::read(&file).unwrap();
        for text in planted {
            let found = bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()));
            assert!(!found, "{text} is in {}", file.display());
        }
    }
}

#[tokio::test]
async fn a_reader_is_shown_and_erased_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        format!("{}[sinks.mixpanel]\ntoken = \"t\"\nurl = \"http://127.0.0.1:1\"\n", crate::site::with_tokens());
    let program = Program::serve(folder.path(), &settings);
    let session = uuid::Uuid::now_v7();
    let batch = json!({ "session": session, "consent": ["analytics"], "events": [{ "kind": "page_viewed" }] });
    let tell = reqwest::Client::new().post(format!("{}/api/v1/events", program.url)).body(batch.to_string());
    assert_eq!(tell.bearer_auth(crate::site::token(&[])).send().await.unwrap().status(), 204);
    let export = || signpost(folder.path(), &["privacy", "export", "reader-1", "--data", "data"]);
    assert!(String::from_utf8(export().stdout).unwrap().contains("page_viewed"));
    let erased = signpost(folder.path(), &["privacy", "erase", "reader-1", "--data", "data"]);
    assert!(String::from_utf8_lossy(&erased.stdout).contains("1 events and 0 chats were deleted"), "{erased:?}");
    assert_eq!(export().status.code(), Some(1), "nothing is left");
    let waiting = signpost(folder.path(), &["outbox", "list", "--json", "--data", "data"]);
    assert!(String::from_utf8_lossy(&waiting.stdout).contains("mixpanel"), "the vendor is told: {waiting:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_log_that_nobody_reads_keeps_it_neither_from_answering_nor_from_ending() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::logging(folder.path(), "[log]\nrequests = true", Stdio::piped());
    drop(program.child.stderr.take());
    assert_eq!(reqwest::get(&program.url).await.unwrap().status(), 200);
    let id = rustix::process::Pid::from_child(&program.child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let ends = async {
        while program.child.try_wait().unwrap().is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), ends).await.expect("it ends");
}

#[cfg(unix)]
#[tokio::test]
async fn what_was_taken_is_on_disk_when_it_was_asked_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::serve(folder.path(), &crate::site::with_tokens());
    let taken = Arc::new(AtomicI64::default());
    let mut tellers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (url, taken) = (format!("{}/api/v1/events", program.url), taken.clone());
        tellers.spawn(async move {
            let session = uuid::Uuid::now_v7();
            let client = reqwest::Client::new();
            let batch = json!({ "session": session, "consent": ["analytics"], "events": [{ "kind": "page_viewed" }] });
            let tell = || client.post(&url).body(batch.to_string()).bearer_auth(crate::site::token(&[])).send();
            // Until it takes no more.
            while let Ok(answer) = tell().await
                && answer.status() == 204
            {
                taken.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    while taken.load(Ordering::Relaxed) < 100 {
        tokio::task::yield_now().await;
    }
    let id = rustix::process::Pid::from_child(&program.child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    tellers.join_all().await;
    assert!(program.child.wait().unwrap().success());
    let store = signpost::store::open(&folder.path().join("data")).await.unwrap();
    let kept: i64 = sqlx::query_scalar("select count(*) from events where kind = 'page_viewed'")
        .fetch_one(store.readers())
        .await
        .unwrap();
    assert!(kept >= taken.load(Ordering::Relaxed), "what was acknowledged is there: {kept}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn threads_that_answer_keep_a_processor_each_when_they_are_pinned() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::serve(folder.path(), "[server]\npin_threads = true");
    assert_eq!(reqwest::get(format!("{}/", program.url)).await.unwrap().status(), 200);
    let allowed = |task: &Path| {
        let status = std::fs::read_to_string(task.join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap();
        Some(line.trim().to_owned())
    };
    let program = format!("/proc/{}", program.child.id());
    let tasks = std::fs::read_dir(format!("{program}/task")).unwrap().map(|task| task.unwrap().path());
    // Threads may end while they are looked at.
    let (mut pinned, others): (Vec<_>, Vec<_>) = tasks
        .filter_map(|task| Some((std::fs::read_to_string(task.join("comm")).ok()?, allowed(&task)?)))
        .partition(|(name, _)| name.trim() == "tokio-rt-worker");
    pinned.sort();
    pinned.dedup();
    let all = allowed(Path::new(&program)).unwrap();
    let workers = std::thread::available_parallelism().unwrap().get();
    let ends = |range: &str| range.split('-').map(|end| end.parse().unwrap()).collect::<Vec<usize>>();
    let processors: usize = all.split(',').map(ends).map(|ends| ends[ends.len() - 1] - ends[0] + 1).sum();
    // Who has a share of the processors alone has none to keep.
    let expected = if processors > workers { 0 } else { workers };
    let alone = pinned.iter().filter(|(_, processors)| processors.parse::<usize>().is_ok()).count();
    assert!(alone == expected || processors == 1, "{workers} of {processors}: {pinned:?}");
    assert!(others.iter().any(|(name, processors)| name.trim() == "behind" && *processors == all), "{others:?}");
}
