//! A bucket of a real S3-compatible store on loopback, which proves every signature; what is put there is a file.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower::ServiceExt;

/// The name of the bucket.
pub const BUCKET: &str = "help";

pub struct Bucket {
    pub url: String,
    folder: TempDir,
    task: JoinHandle<()>,
}

impl Bucket {
    /// Opens an empty one, for whoever signs with this key and secret.
    pub async fn open(key: &str, secret: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        builder.set_auth(SimpleAuth::from_single(key, secret));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().fallback(move |request: Request| answer(service.clone(), request));
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, folder, task }
    }

    /// Every object by its key.
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        let root = self.folder.path().join(BUCKET);
        let key = |path: &Path| path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        files(&root).iter().map(|path| (key(path), fs::read(path).unwrap())).collect()
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(service: S3Service, request: Request) -> Result<Response, Infallible> {
    Ok(match service.oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(fault) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{fault:?}")).into_response(),
    })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
