//! `signpost serve`: open the database, build the first edition, listen, follow changes, stop in order.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tracing::{error, info, warn};

use super::{Common, threads};
use crate::config::Config;
use crate::content;
use crate::edition::{self, Origin};
use crate::progress::Progress;
use crate::site::Address;
use crate::{Help, assets, chat, delivery, help, http, telemetry, webhooks};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Folder for the database and what is kept between starts; made where absent
    #[arg(long, value_name = "DIR", default_value = ".signpost")]
    data: PathBuf,
    /// Address to listen at; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Address for operators: /metrics and the details of /readyz
    #[arg(long, value_name = "ADDRESS")]
    ops_listen: Option<String>,
}

/// How often openings of articles are written down and what is popular is worked out.
const VIEWS_EVERY: Duration = Duration::from_secs(60);
/// How late a promise that is not kept may be noticed.
const ESCALATE_EVERY: Duration = Duration::from_secs(5);

pub fn run(arguments: Arguments) -> Result<ExitCode> {
    let config = arguments.common.config()?;
    telemetry::start_log(&config.log)?;
    if let Some(missing) = assets::missing() {
        warn!("{missing}");
    }
    let runtime = threads::answering(config.server.pin_threads)?;
    let behind = threads::behind()?;
    runtime.block_on(serve(arguments, config, behind.handle()))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(arguments: Arguments, config: Config, behind: &Handle) -> Result<()> {
    any_spawner::Executor::init_tokio().context("the task spawner of the pages was started twice")?;
    let listen = arguments.listen.clone().unwrap_or_else(|| config.server.listen.clone());
    let listening = http::bind(&listen, "--listen").await?;
    let operations = bind_operations(&arguments, &config).await?;
    let url = config.site.url.clone().unwrap_or_else(|| format!("http://{}", listening.address));
    let cache = Some(edition::cache_folder(&arguments.data));
    let origin = arguments.common.origin(&config, Address::parse(&url), cache);
    let watch = edition::watch(&origin)?;
    let open = {
        let origin = origin.clone();
        async move { help::open(config, origin, &arguments.data, Progress::shown()).await }
    };
    let help = Arc::new(behind.spawn(open).await??);
    let (stop, stopped) = watch::channel(false);
    let tasks = [
        behind.spawn(follow(help.clone(), origin, watch)),
        behind.spawn(keep_views(help.clone())),
        behind.spawn(http::keep_warm(help.clone())),
        behind.spawn(handle_hooks(help.clone())),
        behind.spawn(chat::run(help.chats.clone())),
        behind.spawn(escalate(help.clone())),
    ];
    println!("listening on http://{}", listening.address);
    info!(operations = %operations.address, site = %help.address.absolute("/"), "serving {}", help.source);
    tokio::spawn(async move {
        ask_to_stop().await;
        // Before a word in the log, whose reader may be gone.
        stop.send_replace(true);
        info!("stopping: letting requests under way finish");
    });
    let deliver = {
        let (help, stopped) = (help.clone(), stopped.clone());
        behind.spawn(async move { delivery::run(&help.delivery, help.events.arrived.subscribe(), stopped).await })
    };
    let settings = &help.config.server;
    let (delivered, (), ()) = tokio::join!(
        deliver,
        http::serve(listening, http::site(help.clone()), settings, stopped.clone()),
        http::serve(operations, http::operations(help.clone()), settings, stopped),
    );
    delivered.context("delivery broke off")?;
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
    help.close().await
}

/// The operators' address; when nobody chose one and the usual one is taken, any free one will do.
async fn bind_operations(arguments: &Arguments, config: &Config) -> Result<http::Listening> {
    let usual = http::Settings::default().ops_listen;
    let wanted = arguments.ops_listen.as_ref().unwrap_or(&config.server.ops_listen);
    match http::bind(wanted, "--ops-listen").await {
        Err(error) if *wanted == usual => {
            warn!("{error:#}; taking a free port for operators instead");
            http::bind("127.0.0.1:0", "--ops-listen").await
        }
        bound => bound,
    }
}

async fn follow(help: Arc<Help>, origin: Origin, watch: Option<content::Watch>) {
    if let Err(cause) = edition::follow(help, origin, watch).await {
        error!("changes of the content are not followed any more, start the program again: {cause:#}");
    }
}

/// Writes down what was opened, and shows what is popular once it changes.
async fn keep_views(help: Arc<Help>) {
    let mut ticks = tokio::time::interval(VIEWS_EVERY);
    loop {
        ticks.tick().await;
        if let Err(cause) = help.keep_house(Timestamp::now()).await {
            warn!("cannot keep count of what is opened: {cause:#}");
        }
    }
}

/// Does what `routing.yml` says of tickets that are late, and tells who is on call.
async fn escalate(help: Arc<Help>) {
    if let Err(cause) = help.tickets.plan_anew(Timestamp::now()).await {
        error!("tickets could not be planned by the rules there are now, start the program again: {cause:#}");
    }
    let mut ticks = tokio::time::interval(ESCALATE_EVERY);
    while help.tickets.routes() {
        ticks.tick().await;
        if let Err(cause) = help.tickets.escalate(Timestamp::now()).await {
            warn!("cannot do what is due about late tickets: {cause:#}");
        }
    }
}

async fn handle_hooks(help: Arc<Help>) {
    let look = Duration::from_millis(help.config.delivery.look_ms);
    webhooks::run(&help.hooks, &help.tickets, look).await;
}

/// Resolves when the operator asks the program to end: Ctrl-C, or SIGTERM.
async fn ask_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
