//! What every handler shares: settings, the edition being served, the database, the figures.

mod house;
mod routing;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use anyhow::{Context, Result};
use app::model::Site;
use app::words::Words;
use arc_swap::ArcSwap;
use dashmap::DashMap;
use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::answers::Slowest;
use crate::chat::Chats;
use crate::community::Community;
use crate::config::Config;
use crate::content::{Severity, Snapshot, Source};
use crate::delivery::{self, Delivery, Destinations};
use crate::edition::{self, Edition, Origin};
use crate::events::{self, Events};
use crate::http::{Limits, Policy};
use crate::progress::Progress;
use crate::searches::{self, Searches};
use crate::site::Address;
use crate::staff::Throttle;
use crate::store::{self, Store};
use crate::telemetry::Metrics;
use crate::tickets::{Ground, Routing, Tickets};
use crate::views::{self, Views};
use crate::webhooks::{self, Hooks};

pub use routing::known;

/// Articles remembered as popular, over all locales and audiences.
const POPULAR: u32 = 100;

/// One help center, open.
pub struct Help {
    pub config: Config,
    pub address: Address,
    pub source: Source,
    /// What is being served; swapped whole.
    pub edition: ArcSwap<Edition>,
    /// Told after each swap.
    pub published: watch::Sender<()>,
    pub store: Store,
    pub metrics: Metrics,
    pub delivery: Arc<Delivery>,
    pub hooks: Hooks,
    pub tickets: Tickets,
    pub chats: Chats,
    pub community: Community,
    pub policy: Policy,
    pub throttle: Throttle,
    pub events: Events,
    /// Where what no reader waits for is done: on the threads that opened the help center.
    pub behind: Handle,
    /// Day of the last purge by this start of the program.
    purged: AtomicI64,
    /// Seals what goes through a reader's hands and comes back; of this start only.
    pub seal: [u8; 32],
    pub limits: Limits,
    pub views: Views,
    /// Ids of the articles opened most, most first.
    pub popular: ArcSwap<Vec<String>>,
    pub searches: Searches,
    /// By locale: what many search for and anybody may be told, most often first.
    pub popular_searches: ArcSwap<HashMap<String, Vec<String>>>,
    /// The part of the frame that all pages of a locale share.
    pub sites: DashMap<String, Arc<Site>>,
    pub slowest: Slowest,
    /// A style sheet of the operator's own.
    pub brand: Option<Own>,
    /// The image in the header.
    pub logo: Option<Own>,
}

/// A file of the operator's, served beside our own assets under a name that changes with it.
pub struct Own {
    pub name: String,
    pub content_type: &'static str,
    pub bytes: bytes::Bytes,
}

/// Opens the database in `data` and builds the first edition.
///
/// # Errors
/// Words to override that do not exist, a style sheet that cannot be read, a database or a folder of
/// content that cannot be opened.
pub async fn open(config: Config, origin: Origin, data: &Path, progress: Progress) -> Result<Help> {
    check_words(&config)?;
    let brand = config.site.brand_css.as_deref().map(read_brand).transpose()?;
    let logo = config.site.logo.as_deref().map(|logo| read_logo(logo, &origin.source)).transpose()?;
    let metrics = Metrics::default();
    let store = store::open(data).await?;
    let hooks = webhooks::open(&config.hooks, &store, metrics.hooks.clone())?;
    let events = events::open(&store).await?;
    let delivery = delivery::open(&config.delivery, destinations(&config), &store, metrics.delivery.clone()).await?;
    check_desks(&config, &delivery)?;
    let routing = Routing::open(&config.tickets)?;
    let delivery = Arc::new(delivery);
    let popular = views::popular(&store, Timestamp::now(), POPULAR).await?;
    let popular_searches = searches::popular(&store, Timestamp::now(), config.search.popular_from).await?;
    let (address, source) = (origin.address.clone(), origin.source.clone());
    let first = tokio::task::spawn_blocking(move || {
        let built = edition::build(&origin, None, &progress, Timestamp::now());
        progress.finish();
        built
    });
    let first = first.await??;
    let popular_searches = searches::proposed(popular_searches, &first);
    let ground = Ground {
        store: store.clone(),
        delivery: delivery.clone(),
        address: address.clone(),
        site: site_name(&config, &source).to_owned(),
        inbound: config.mail.inbound.clone(),
        default_locale: config.content.default_locale.clone(),
        ids: events.ids.clone(),
        arrived: events.arrived.clone(),
    };
    let community = Community::open(&config.community, ground.clone(), &config.delivery).await?;
    let tickets = Tickets::new(config.tickets.clone(), ground, data).routed_by(routing);
    let help = Help {
        community,
        chats: Chats::new(&config.chat, &store, &tickets, events.ids.clone(), &metrics, Timestamp::now())?,
        tickets,
        limits: Limits::of(&config.events, &config.tickets),
        policy: Policy::of(&config.tags),
        events,
        behind: Handle::current(),
        purged: AtomicI64::new(i64::MIN),
        seal: *blake3::hash(&[uuid::Uuid::new_v4().into_bytes(), uuid::Uuid::new_v4().into_bytes()].concat())
            .as_bytes(),
        config,
        address,
        source,
        edition: ArcSwap::from_pointee(first),
        published: watch::Sender::new(()),
        store,
        metrics,
        delivery,
        hooks,
        throttle: Throttle::default(),
        views: Views::default(),
        popular: ArcSwap::from_pointee(popular),
        searches: Searches::default(),
        popular_searches: ArcSwap::from_pointee(popular_searches),
        sites: DashMap::new(),
        slowest: Slowest::default(),
        brand,
        logo,
    };
    help.announce(&help.edition.load().snapshot, None);
    help.check_routing().await?;
    Ok(help)
}

/// Everything the settings say of where something goes.
pub fn destinations(config: &Config) -> Destinations<'_> {
    let Config { desks, sinks, connectors, webhooks, alerts, mail, tickets, .. } = config;
    let attachments = tickets.attachments.bucket.as_ref();
    Destinations { desks, sinks, connectors, webhooks, alerts, mail, attachments }
}

/// No ticket may fail for a desk that is only named.
fn check_desks(config: &Config, delivery: &Delivery) -> Result<()> {
    for rule in &config.tickets.desks {
        let name = &rule.desk;
        anyhow::ensure!(
            delivery.has(name),
            "tickets.desks sends tickets to {name}, which has no settings; correct the name, or add [desks.zendesk], \
             [desks.freshdesk], [desks.intercom], [connectors.NAME] with takes = \"deeds\" or [webhooks.NAME]"
        );
    }
    Ok(())
}

fn check_words(config: &Config) -> Result<()> {
    for (locale, overrides) in &config.site.words {
        let words = Words::built_in(locale).unwrap_or(Words::english()).clone();
        words.with_overrides(overrides.clone()).with_context(|| format!("[site.words.{locale}] cannot be used"))?;
    }
    Ok(())
}

fn read_brand(file: &Path) -> Result<Own> {
    let css = std::fs::read(file)
        .with_context(|| format!("cannot read the style sheet {} that site.brand_css names", file.display()))?;
    Ok(Own::new("brand", "css", "text/css; charset=utf-8", css))
}

fn read_logo(path: &str, source: &Source) -> Result<Own> {
    let (content_type, bytes) = source
        .image(path.trim_start_matches('/'))
        .with_context(|| format!("cannot read the image {path} that site.logo names; give its path in the content"))?;
    let ending = path.rsplit('.').next().unwrap_or_default();
    Ok(Own::new("logo", ending, content_type, bytes))
}

impl Own {
    fn new(stem: &str, ending: &str, content_type: &'static str, bytes: Vec<u8>) -> Self {
        let name = format!("{stem}.{}.{ending}", &blake3::hash(&bytes).to_hex()[..8]);
        Self { name, content_type, bytes: bytes.into() }
    }
}

fn site_name<'a>(config: &'a Config, source: &Source) -> &'a str {
    config.site.name.as_deref().unwrap_or(match source {
        Source::Embedded(_) => "Signpost",
        Source::Dir(_) | Source::Memory(_) => "Help center",
    })
}

impl Help {
    /// What the help center is called: by the operator, else by what it serves.
    pub fn name(&self) -> &str {
        site_name(&self.config, &self.source)
    }

    /// Swaps in the next edition and tells the log, the figures and whoever waits for it.
    pub fn publish(&self, next: Edition) {
        let before = self.edition.swap(Arc::new(next));
        self.announce(&self.edition.load().snapshot, Some(&before.snapshot));
        self.published.send_replace(());
    }

    fn announce(&self, snapshot: &Snapshot, before: Option<&Snapshot>) {
        edition::report_problems(snapshot, before);
        let count = |severity| snapshot.problems().iter().filter(|problem| problem.severity == severity).count() as i64;
        self.metrics.snapshots.inc();
        self.metrics.snapshot_pages.set(snapshot.page_count() as i64);
        self.metrics.snapshot_errors.set(count(Severity::Error));
        self.metrics.snapshot_warnings.set(count(Severity::Warning));
        self.metrics.snapshot_built_at.set(snapshot.built_at().as_second());
    }
}
