//! The site as `signpost serve` serves it, without the pages that makes while idle: on a large site that takes
//! many minutes, in which nothing else can be measured.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use signpost::config::Config;
use signpost::content::Source;
use signpost::edition::{Origin, cache_folder};
use signpost::progress::Progress;
use signpost::site::Address;
use signpost::{help, http, telemetry};
use tokio::sync::watch;

/// Where the site of `content` comes from, with what is kept in `data`.
pub fn origin(config: &Config, content: &Path, data: &Path, address: Address) -> Origin {
    Origin {
        source: Source::Dir(content.to_owned()),
        content: config.content.clone(),
        search: config.search.clone(),
        address,
        cache: Some(cache_folder(data)),
    }
}

/// Serves until the process is stopped.
pub async fn serve(content: &Path, data: &Path) -> Result<()> {
    let config = Config::default();
    telemetry::start_log(&config.log)?;
    let listening = http::bind("127.0.0.1:0", "--listen").await?;
    let address = listening.address;
    let origin = origin(&config, content, data, Address::parse(&format!("http://{address}")));
    let help = Arc::new(help::open(config, origin, data, Progress::quiet()).await?);
    println!("listening on http://{address}");
    let (_stop, stopped) = watch::channel(false);
    http::serve(listening, http::site(help.clone()), &help.config.server, stopped).await;
    Ok(())
}
