-- What other programs told us of tickets: proved, stored once, handled later.
create table hooks (
    id text primary key, -- UUIDv7
    provider text not null, -- NAME of [hooks.NAME]
    event text not null, -- the same when the same is sent again
    received_at integer not null,
    body text, -- as it came; forgotten once it is handled
    state text not null default 'waiting' check (state in ('waiting', 'done', 'dead')),
    outcome text, -- applied, stale, unknown_ticket, ignored or dropped, once it is done
    attempts integer not null default 0, -- that failed
    due_at integer not null,
    last_error text,
    unique (provider, event),
    check ((state = 'done') = (outcome is not null)),
    check ((body is null) = (state = 'done'))
);
create index hooks_state on hooks (state, due_at);
create index hooks_received on hooks (received_at);
