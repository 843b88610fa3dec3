//! Files beside the pages: sent as they are read, whole or in part.

use reqwest::{Method, Response};

use crate::site::{self, Site};

/// Larger than what is read at once, and no two stretches alike.
fn film() -> Vec<u8> {
    (0..200_000_u32).flat_map(u32::to_le_bytes).collect()
}

async fn with_film() -> Site {
    let site = site::serve(&[("start/a.md", "# A")]).await;
    site::write(site.content.path(), "start/film.mp4", &film());
    site.edit("start/a.md", "# A\n\nChanged. [Film](film.mp4)").await;
    site
}

async fn part(site: &Site, range: &str) -> Response {
    site.ask("/start/film.mp4").header("range", range).send().await.unwrap()
}

#[tokio::test]
async fn a_file_is_sent_whole_with_what_tells_its_version() {
    let site = with_film().await;
    let whole = site.get("/start/film.mp4").await;
    assert_eq!(whole.status(), 200);
    let header = |name: &str| whole.headers()[name].to_str().unwrap().to_owned();
    assert_eq!((header("content-type"), header("content-length")), ("video/mp4".to_owned(), "800000".to_owned()));
    assert_eq!((header("accept-ranges"), header("cache-control")), ("bytes".into(), "public, max-age=300".into()));
    for (name, value) in [("if-none-match", header("etag")), ("if-modified-since", header("last-modified"))] {
        let again = site.ask("/start/film.mp4").header(name, value).send().await.unwrap();
        assert_eq!(again.status(), 304, "{name}");
        assert!(again.headers().contains_key("etag") && again.bytes().await.unwrap().is_empty());
    }
    assert_eq!(whole.bytes().await.unwrap(), film());
    let head = site.request(Method::HEAD, "/start/film.mp4").send().await.unwrap();
    assert_eq!((head.status().as_u16(), &head.headers()["content-length"]), (200, &"800000".parse().unwrap()));
}

#[tokio::test]
async fn a_film_can_be_wound_forward() {
    let site = with_film().await;
    for (range, told, expect) in [
        ("bytes=0-9", "bytes 0-9/800000", 0..10),
        ("bytes=100001-300000", "bytes 100001-300000/800000", 100_001..300_001),
        ("bytes=799990-", "bytes 799990-799999/800000", 799_990..800_000),
        ("bytes=-5", "bytes 799995-799999/800000", 799_995..800_000),
    ] {
        let answer = part(&site, range).await;
        assert_eq!(answer.status(), 206, "{range}");
        assert_eq!(answer.headers()["content-range"], told);
        assert_eq!(answer.headers()["content-length"], expect.len().to_string().as_str());
        assert_eq!(answer.bytes().await.unwrap(), film()[expect], "{range}");
    }
    let past = part(&site, "bytes=800000-").await;
    assert_eq!((past.status().as_u16(), &past.headers()["content-range"]), (416, &"bytes */800000".parse().unwrap()));
    assert_eq!(part(&site, "bytes=0-1,5-6").await.status(), 200);
}

#[tokio::test]
async fn a_download_goes_on_only_with_the_same_version() {
    let site = with_film().await;
    let first = part(&site, "bytes=0-99").await;
    let etag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert!(!etag.starts_with("W/"), "a weak tag cannot put parts together");
    let go_on = async || {
        let request = site.ask("/start/film.mp4").header("range", "bytes=100-").header("if-range", &etag);
        request.send().await.unwrap()
    };
    assert_eq!(go_on().await.status(), 206);
    site::write(site.content.path(), "start/film.mp4", b"another film");
    let changed = go_on().await;
    assert_eq!((changed.status().as_u16(), changed.text().await.unwrap().as_str()), (200, "another film"));
}

#[tokio::test]
async fn what_lies_in_the_program_can_be_had_in_parts_too() {
    let site = site::serve_manual("").await;
    let image = || site.ask("/images/home.png");
    let whole = image().send().await.unwrap();
    let etag = whole.headers()["etag"].clone();
    let whole = whole.bytes().await.unwrap();
    let part = image().header("range", "bytes=1-3").header("if-range", &etag).send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], format!("bytes 1-3/{}", whole.len()).as_str());
    assert_eq!(part.bytes().await.unwrap().as_ref(), b"PNG");
    assert_eq!(image().header("if-none-match", &etag).send().await.unwrap().status(), 304);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_out_of_the_folder_leads_nowhere() {
    let site = with_film().await;
    let outside = tempfile::tempdir().unwrap();
    site::write(outside.path(), "secret.mp4", b"a secret");
    let film = site.content.path().join("start/film.mp4");
    std::fs::remove_file(&film).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.mp4"), &film).unwrap();
    let answer = site.get("/start/film.mp4").await;
    assert!([404, 500].contains(&answer.status().as_u16()), "{}", answer.status());
    assert!(!answer.text().await.unwrap().contains("a secret"));
}
