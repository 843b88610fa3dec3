//! Taking tickets as one would write it first: read the form, hand to a writer that commits what waits together.

use std::sync::Arc;

use anyhow::Result;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};
use signpost::store::Store;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

const GROUP: usize = 256;
const ROWS: usize = 32;
const SUBJECT: &str = "The export of invoices ends with an error";
const TEXT: &str = "Since the update of yesterday the export of invoices ends with an error after some seconds. It used \
    to work for the same month. I tried another browser and signed in again, and I read what the guide says about large \
    exports. Smaller ones work. Our auditors wait for the file until Friday.";

pub struct Ticket {
    id: String,
    secret: String,
    session: String,
    pieces: Vec<String>,
    done: oneshot::Sender<bool>,
}

pub type Queue = Arc<mpsc::Sender<Ticket>>;

/// Starts the writer.
pub fn open(store: Store) -> Queue {
    let (sender, queue) = mpsc::channel(1024);
    tokio::spawn(write(store, queue));
    Arc::new(sender)
}

pub async fn take(
    State(queue): State<Queue>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Result<(StatusCode, [(header::HeaderName, String); 1]), StatusCode> {
    let pieces = read(form).await.map_err(|_| StatusCode::BAD_REQUEST)?;
    let cookies = headers.get(header::COOKIE).and_then(|cookies| cookies.to_str().ok()).unwrap_or_default();
    let session = cookies.rsplit('=').next().unwrap_or_default().to_owned();
    let (done, written) = oneshot::channel();
    let location = [(header::LOCATION, format!("/requests/{secret}?sent"))];
    let ticket = Ticket { id: Uuid::now_v7().to_string(), secret, session, pieces, done };
    queue.try_send(ticket).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    match written.await {
        Ok(true) => Ok((StatusCode::SEE_OTHER, location)),
        _ => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

async fn read(mut form: Multipart) -> Result<Vec<String>> {
    let mut pieces = Vec::new();
    while let Some(field) = form.next_field().await? {
        if field.name() == Some("piece") {
            pieces.push(field.text().await?);
        }
    }
    Ok(pieces)
}

async fn write(store: Store, mut queue: mpsc::Receiver<Ticket>) {
    let mut group = Vec::with_capacity(GROUP);
    let mut number = 1000;
    while queue.recv_many(&mut group, GROUP).await > 0 {
        let good =
            commit(&store, &group, number).await.inspect_err(|cause| eprintln!("cannot write: {cause:#}")).is_ok();
        number += group.len() as i64;
        for ticket in group.drain(..) {
            if ticket.done.send(good).is_err() {
                eprintln!("the sender of a ticket did not wait");
            }
        }
    }
}

async fn commit(store: &Store, group: &[Ticket], number: i64) -> Result<()> {
    let mut transaction = store.writer().begin().await?;
    let now = Timestamp::now().as_millisecond();
    let rows: Vec<(i64, &Ticket)> = (number + 1..).zip(group).collect();
    for rows in rows.chunks(ROWS) {
        insert(&mut transaction, rows, now).await?;
    }
    Ok(transaction.commit().await?)
}

async fn insert(transaction: &mut SqliteConnection, rows: &[(i64, &Ticket)], now: i64) -> Result<()> {
    let mut tickets = QueryBuilder::<Sqlite>::new(
        "insert into tickets (id, draft, secret, session, number, dossier, subject, name, email, form, status, priority,
             locale, fields, tags, opened_at, updated_at, since) ",
    );
    tickets.push_values(rows, |mut row, (number, ticket)| {
        row.push_bind(&ticket.id).push_bind(&ticket.secret).push_bind(Uuid::new_v4().simple().to_string());
        row.push_bind(&ticket.session).push_bind(number).push_bind(dossier(ticket, now).to_string()).push_bind(SUBJECT);
        row.push("'Ada', 'ada@customer.example', 'question', 'new', 'normal', 'en', '{}', '[]'");
        row.push_bind(now).push_bind(now).push_bind(now);
    });
    tickets.build().execute(&mut *transaction).await?;
    let mut messages =
        QueryBuilder::<Sqlite>::new("insert into messages (id, ticket, at, text, author, name, internal, articles) ");
    messages.push_values(rows, |mut row, (_, ticket)| {
        row.push_bind(Uuid::now_v7().to_string()).push_bind(&ticket.id).push_bind(now).push_bind(TEXT);
        row.push("'requester', 'Ada', 0, '[]'");
    });
    messages.build().execute(&mut *transaction).await?;
    let mut places = QueryBuilder::<Sqlite>::new("insert into desk_tickets (ticket, desk) ");
    places.push_values(rows, |mut row, (_, ticket)| {
        row.push_bind(&ticket.id).push("'connector.desk'");
    });
    places.build().execute(&mut *transaction).await?;
    let mut outbox = QueryBuilder::<Sqlite>::new("insert into outbox (id, about, body, created_at, due_at, channel) ");
    outbox.push_values(rows, |mut row, (number, ticket)| {
        row.push_bind(Uuid::now_v7().to_string()).push_bind(&ticket.id);
        row.push_bind(deed(*number, ticket, now).to_string()).push_bind(now).push_bind(now).push("'connector.desk'");
    });
    outbox.build().execute(&mut *transaction).await?;
    let mut trail = QueryBuilder::<Sqlite>::new("insert into trail (id, session, at, body, kind) ");
    trail.push_values(rows, |mut row, (_, ticket)| {
        let id = Uuid::now_v7().to_string();
        let event = json!({
            "v": 1, "id": &id, "at": now, "kind": "ticket_created", "ticket": ticket.id, "form": "question",
            "session": ticket.session, "locale": "en", "device": "desktop", "page": "/contact/question",
        });
        row.push_bind(id).push_bind(&ticket.session).push_bind(now).push_bind(event.to_string());
        row.push("'ticket_created'");
    });
    trail.build().execute(&mut *transaction).await?;
    Ok(())
}

fn dossier(ticket: &Ticket, now: i64) -> Value {
    let clue = |piece: &String| json!({ "kind": "article_read", "at": now, "text": format!("Read “{}” for 48 seconds", &piece[..piece.len().min(13)]) });
    ticket.pieces.iter().map(clue).collect()
}

fn deed(number: i64, ticket: &Ticket, now: i64) -> Value {
    json!({ "deed": {
        "type": "ticket.opened", "ticket": ticket.id, "number": number, "form": "question", "subject": SUBJECT,
        "text": TEXT, "priority": "normal", "tags": [], "name": "Ada", "email": "ada@customer.example", "reader": null,
        "plan": null, "locale": "en", "fields": {}, "dossier": dossier(ticket, now), "files": [], "at": now,
        "url": format!("http://127.0.0.1/agent/tickets/{number}"),
    } })
}
