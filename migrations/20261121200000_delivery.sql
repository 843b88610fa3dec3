-- Where each sink stands, and how it is. The rows of `events` are what is promised to it.
create table sinks (
    name text primary key,
    guarantee text not null, -- at_least_once, exactly_once or at_most_once
    purpose text, -- what events are sent to it for; null for one that takes deeds only
    settings text not null, -- hash of its settings: a sink that was locked is tried again once they change
    cursor text not null default '', -- id of the last event that is settled
    pending text, -- id of the last event of the batch under way; null between batches
    sent_at integer, -- when the batch under way was first sent; null while nothing of it can have arrived
    attempts integer not null default 0, -- to send the batch under way
    due_at integer not null default 0, -- when it may be sent (again)
    held_until integer not null default 0, -- the vendor asked for a pause
    paused integer not null default 0, -- by an operator
    failures integer not null default 0, -- of the breaker: one after another
    opened integer not null default 0, -- of the breaker: how often one after another
    opened_until integer not null default 0, -- of the breaker
    locked integer not null default 0, -- nothing will be taken until the settings change
    sent integer not null default 0, -- what was delivered, counted
    unknown integer not null default 0, -- what may have been delivered, and is not sent again
    dead integer not null default 0, -- what became dead letters
    last_error text,
    last_error_at integer,
    last_sent_at integer
) without rowid;

-- Single deeds on their way out: written in the transaction of their cause.
create table outbox (
    id text primary key, -- also the idempotency key
    channel text not null, -- name of the sink that delivers it
    body text not null, -- JSON
    created_at integer not null,
    due_at integer not null,
    leased_until integer, -- somebody is delivering it
    attempts integer not null default 0,
    state text not null default 'waiting' check (state in ('waiting', 'done', 'dead')),
    last_error text,
    done_at integer
) without rowid;
create index outbox_waiting on outbox (channel, due_at) where state = 'waiting';
create index outbox_done on outbox (done_at) where state = 'done';

-- What could not be delivered: a range of events, or a deed.
create table dead_letters (
    id text primary key, -- UUIDv7
    sink text not null,
    at integer not null,
    key text not null, -- idempotency key it was sent with, and is sent with again
    after text, -- id of the event before the range
    last text, -- id of its last event
    body text, -- of a deed, as JSON
    items integer not null, -- how many events or deeds
    reason text not null, -- in the vendor's words
    replayable integer not null,
    check ((body is null) = (last is not null))
) without rowid;
create index dead_letters_sink on dead_letters (sink, at);
