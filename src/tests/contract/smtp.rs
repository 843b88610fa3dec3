//! A mail server on loopback, as strict as RFC 5321 allows: TLS before a password, a password before a mail. It keeps
//! what it took and can be told to misbehave at any step.

mod session;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use session::{Session, Stream};

/// Of the user `help@acme.example`.
pub const PASSWORD: &str = "s3cret-pw";

/// How a connection is made safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    StartTls,
    Implicit,
    /// No TLS at all.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// The final dot was read.
    Dot,
    Quit,
}

/// What a connection meets at a step.
#[derive(Debug, Clone, Copy)]
pub enum Misbehave {
    Say(&'static str),
    Close,
    Hang,
}

/// A mail that was taken.
#[derive(Debug, Clone)]
pub struct Taken {
    pub from: String,
    pub to: String,
    pub bytes: Vec<u8>,
}

pub struct MailServer {
    pub port: u16,
    pub authority: PathBuf,
    state: Arc<State>,
    _folder: TempDir,
    _task: JoinSet<()>,
}

struct State {
    safety: Safety,
    tls: TlsAcceptor,
    taken: Mutex<Vec<Taken>>,
    /// Mails whose final dot was read, whatever was said then.
    handed: Mutex<Vec<Taken>>,
    faults: Mutex<Vec<String>>,
    connections: Mutex<usize>,
    /// One entry a connection; none: well-behaved.
    plan: Mutex<VecDeque<(Step, Misbehave)>>,
}

impl MailServer {
    pub async fn open(safety: Safety) -> Self {
        let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let authority = folder.path().join("ca.pem");
        std::fs::write(&authority, key.cert.pem()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let secret = PrivatePkcs8KeyDer::from(key.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![key.cert.into()], secret.into()).unwrap();
        let state = Arc::new(State {
            safety,
            tls: TlsAcceptor::from(Arc::new(config)),
            taken: Mutex::default(),
            handed: Mutex::default(),
            faults: Mutex::default(),
            connections: Mutex::default(),
            plan: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut task = JoinSet::new();
        task.spawn(serve(listener, state.clone()));
        Self { port, authority, state, _folder: folder, _task: task }
    }

    /// The next connections meet these, one each.
    pub fn plan(&self, plan: impl IntoIterator<Item = (Step, Misbehave)>) {
        self.state.plan.lock().unwrap().extend(plan);
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.state.taken.lock().unwrap().clone()
    }

    pub fn handed(&self) -> Vec<Taken> {
        self.state.handed.lock().unwrap().clone()
    }

    /// What was done that the contract does not allow.
    pub fn faults(&self) -> Vec<String> {
        self.state.faults.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        *self.state.connections.lock().unwrap()
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut sessions = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        *state.connections.lock().unwrap() += 1;
        let plan = state.plan.lock().unwrap().pop_front();
        let state = state.clone();
        sessions.spawn(async move {
            let is_implicit = state.safety == Safety::Implicit;
            let stream: Stream = if is_implicit {
                // Who does not trust the certificate hangs up.
                let Ok(stream) = state.tls.accept(stream).await else { return };
                Box::new(stream)
            } else {
                Box::new(stream)
            };
            let mut session = Session::new(stream, state.clone(), plan);
            if let Err(fault) = session.talk().await {
                state.faults.lock().unwrap().push(fault);
            }
        });
    }
}
