-- What readers did, of those who granted `analytics`: what sinks read and the views below show.
-- Rows are written in the order of their ids and never changed, but for `grants`, which only shrinks.
create table events (
    id text primary key, -- UUIDv7
    at integer not null, -- when it happened
    kind text not null,
    session text not null,
    grants text not null, -- purposes its reader granted, one letter each: a(nalytics), m(arketing), p(references)
    body text not null -- the whole event, as JSON of schema version 1
) without rowid;
create index events_session on events (session);
create index events_at on events (at);

-- The same of those who did not: for the reader's own eyes, and half an hour at most.
create table trail (
    id text primary key, -- UUIDv7
    at integer not null,
    kind text not null,
    session text not null,
    body text not null
) without rowid;
create index trail_session on trail (session);
create index trail_at on trail (at);

-- Batches that were taken, so that one sent again is not counted twice.
create table event_batches (
    id text primary key, -- made by the sender
    at integer not null
) without rowid;
create index event_batches_at on event_batches (at);

-- What readers were shown of purposes and what they chose. Rows are never changed, and go only when their age ends.
create table consents (
    id text primary key, -- UUIDv7; also in the reader's cookie
    at integer not null,
    session text, -- of then, if there was one
    text_version text not null, -- of the words shown
    locale text not null,
    region text, -- country the request came from, when known
    shown text not null, -- purposes that were offered, as JSON
    granted text not null, -- purposes that were chosen, as JSON
    signal text, -- `gpc` or `dnt`, when the browser sent it
    way text not null -- `banner` or `page`
) without rowid;
create index consents_at on consents (at);
create trigger consents_stay before update on consents begin
    select raise(abort, 'consents are never changed');
end;
