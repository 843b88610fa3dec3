-- Times are integer milliseconds UTC, ids are text made by the program.

-- One row, written by the readiness check to prove that the database can be.
create table heartbeat (
    id integer primary key check (id = 1),
    beat_at integer not null
);

-- Staff who signed in. The cookie holds a secret; the database holds only its hash.
create table staff_sessions (
    secret_hash text primary key,
    created_at integer not null,
    expires_at integer not null
);

-- How often an article was opened on a day; nothing about who opened it.
create table article_views (
    article_id text not null,
    day integer not null, -- days since 1970-01-01 UTC
    views integer not null,
    primary key (article_id, day)
) without rowid;
