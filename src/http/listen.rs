//! Listening: how many connections, how long for a request's head, and how to stop.

mod patience;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::sync::watch;
use tower::ServiceExt;
use tracing::{debug, warn};

use super::Settings;
use super::error::Error;
use patience::Patience;

/// An address that is taken, not yet served.
pub struct Listening {
    listener: TcpListener,
    pub address: SocketAddr,
}

/// Takes `address` (`127.0.0.1:8080`; port 0 takes a free one).
///
/// # Errors
/// An address that is not one, or is taken.
pub async fn bind(address: &str, key: &str) -> Result<Listening> {
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen at {address}; is another program there? Choose another address with {key}")
    })?;
    let address = listener.local_addr()?;
    Ok(Listening { listener, address })
}

/// Serves until `stop` turns true, then lets requests under way finish.
pub async fn serve(listening: Listening, router: Router, settings: &Settings, mut stop: watch::Receiver<bool>) {
    let slots = Arc::new(Semaphore::new(settings.max_connections));
    let mut http = hyper::server::conn::http1::Builder::new();
    http.header_read_timeout(Duration::from_secs(settings.header_seconds)).max_headers(64);
    let under_way = GracefulShutdown::new();
    loop {
        let slot = slots.clone().acquire_owned().await.expect("the semaphore is never closed");
        let (stream, peer) = tokio::select! {
            accepted = listening.listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: they come back when connections end.
                    warn!("cannot accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = stopped(&mut stop) => break,
        };
        let connection = http
            .timer(Patience::default())
            .serve_connection(TokioIo::new(no_delay(stream)), service(router.clone(), peer, Stop(stop.clone())));
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                debug!("a connection ended early: {error}");
            }
            drop(slot);
        });
    }
    let limit = Duration::from_secs(settings.stop_seconds);
    if tokio::time::timeout(limit, under_way.shutdown()).await.is_err() {
        warn!("stopped with requests still under way after {} s", settings.stop_seconds);
    }
}

/// Tells an answer without end that the program stops.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    pub async fn asked(&mut self) {
        stopped(&mut self.0).await;
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Stop {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let stop = parts.extensions.get::<Self>().cloned();
        Ok(stop.ok_or_else(|| anyhow::anyhow!("the listener did not say when it stops"))?)
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone means that nobody is left to serve for.
    drop(stop.wait_for(|stop| *stop).await);
}

fn no_delay(stream: TcpStream) -> TcpStream {
    if let Err(error) = stream.set_nodelay(true) {
        debug!("cannot set TCP_NODELAY: {error}");
    }
    stream
}

fn service(
    router: Router,
    peer: SocketAddr,
    stop: Stop,
) -> impl hyper::service::Service<
    hyper::Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future = impl Future<Output = Result<axum::response::Response, std::convert::Infallible>> + Send,
> {
    hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(stop.clone());
        router.clone().oneshot(request)
    })
}
