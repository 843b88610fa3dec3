//! A help center of its own for one test: content in a temporary folder, served on a free port.

use std::path::Path;
use std::sync::Arc;

use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use signpost::config::{self, Config};
use signpost::content::Source;
use signpost::edition::{self, Origin};
use signpost::help::{self, Help};
use signpost::http;
use signpost::progress::Progress;
use signpost::site::Address;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Secret the tests sign readers' tokens with.
pub const SECRET: &str = "a-secret-for-tests-of-at-least-32-bytes";

pub struct Site {
    /// Address of the site, base included, without a trailing slash.
    pub url: String,
    /// Address for operators.
    pub operations: String,
    pub help: Arc<Help>,
    pub content: TempDir,
    client: Client,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    data: TempDir,
}

/// Serves `files` (path, text) with default settings.
pub async fn serve(files: &[(&str, &str)]) -> Site {
    serve_with("", files).await
}

/// Serves `files` with the settings of a `signpost.toml`.
pub async fn serve_with(settings: &str, files: &[(&str, &str)]) -> Site {
    let content = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(content.path(), path, text.as_bytes());
    }
    let source = Source::Dir(content.path().to_owned());
    open(settings, source, content, tempfile::tempdir().unwrap()).await
}

/// Serves the manual in the program.
pub async fn serve_manual(settings: &str) -> Site {
    let [content, data] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    open(settings, Source::Embedded(signpost::assets::manual()), content, data).await
}

pub fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, bytes).unwrap();
}

fn settings_of(text: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("signpost.toml");
    std::fs::write(&file, text).unwrap();
    config::read(Some(&file), std::iter::empty()).unwrap()
}

async fn open(settings: &str, source: Source, content: TempDir, data: TempDir) -> Site {
    // A second start in the same process is refused, and does no harm.
    drop(any_spawner::Executor::init_tokio());
    let config = settings_of(settings);
    let listening = http::bind("127.0.0.1:0", "--listen").await.unwrap();
    let operations = http::bind("127.0.0.1:0", "--ops-listen").await.unwrap();
    let base = config.site.url.as_deref().map(|url| Address::parse(url).base).unwrap_or_default();
    let host = format!("http://{}", listening.address);
    let public = config.site.url.clone().unwrap_or_else(|| host.clone());
    let origin = Origin {
        source,
        content: config.content.clone(),
        search: config.search.clone(),
        address: Address::parse(&public),
        cache: Some(edition::cache_folder(data.path())),
    };
    let watch = edition::watch(&origin).unwrap();
    let help = Arc::new(help::open(config, origin.clone(), data.path(), Progress::quiet()).await.unwrap());
    let (stop, stopped) = watch::channel(false);
    let operations_url = format!("http://{}", operations.address);
    let limits = help.config.server.clone();
    let tasks = vec![
        tokio::spawn({
            let (router, limits, stopped) = (http::site(help.clone()), limits.clone(), stopped.clone());
            async move { http::serve(listening, router, &limits, stopped).await }
        }),
        tokio::spawn({
            let router = http::operations(help.clone());
            async move { http::serve(operations, router, &limits, stopped).await }
        }),
        tokio::spawn({
            let help = help.clone();
            async move { edition::follow(help, origin, watch).await.unwrap() }
        }),
    ];
    let client = Client::builder().redirect(redirect::Policy::none()).no_gzip().no_brotli().build().unwrap();
    Site { url: format!("{host}{base}"), operations: operations_url, help, content, client, stop, tasks, data }
}

impl Site {
    pub fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub fn ask(&self, path: &str) -> RequestBuilder {
        self.request(reqwest::Method::GET, path)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.ask(path).send().await.unwrap()
    }

    /// The body of a page that must be there.
    pub async fn page(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.text().await.unwrap()
    }

    /// The answer to a path that a client library would tidy up before sending it.
    pub async fn raw(&self, path: &str) -> String {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    pub async fn status(&self, path: &str) -> u16 {
        self.get(path).await.status().as_u16()
    }

    /// Where `path` redirects to, without the site's address.
    pub async fn redirect(&self, path: &str) -> (u16, String) {
        let response = self.get(path).await;
        let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), location.unwrap_or_default())
    }

    /// Changes a file and waits until an edition with the change is served.
    pub async fn edit(&self, path: &str, text: &str) {
        let mut published = self.help.published.subscribe();
        write(self.content.path(), path, text.as_bytes());
        published.changed().await.unwrap();
    }

    /// Folder of the database.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Starts a site without content of its own again, on what it left in its data directory.
    pub async fn restart(self, settings: &str) -> Self {
        let data = self.stop().await;
        let content = tempfile::tempdir().unwrap();
        open(settings, Source::Dir(content.path().to_owned()), content, data).await
    }

    /// Stops the site and waits for its end; the data directory is left for another start.
    pub async fn stop(self) -> TempDir {
        self.stop.send_replace(true);
        let [site, operations, follow] = <[_; 3]>::try_from(self.tasks).unwrap();
        follow.abort();
        site.await.unwrap();
        operations.await.unwrap();
        self.help.close().await.unwrap();
        self.data
    }
}

/// A token as a host signs it, good for ten minutes.
pub fn token(audiences: &[&str]) -> String {
    token_of("reader-1", audiences)
}

/// The same for one of the host's readers.
pub fn token_of(subject: &str, audiences: &[&str]) -> String {
    let claims = serde_json::json!({
        "sub": subject,
        "exp": jiff::Timestamp::now().as_second() + 600,
        "audiences": audiences,
    });
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
}

/// Settings under which [`token`] is accepted.
pub fn with_tokens() -> String {
    format!("[identity]\nsecrets = [\"{SECRET}\"]\n")
}
