-- A mail goes by one of several transports.
alter table outbox add column transport text; -- the one that has it, or may have it; null while none can
alter table outbox add column tries text not null default '[]'; -- what each transport made of it, as JSON
alter table outbox add column outcome text check (outcome in ('suppressed')); -- done without being sent
create index outbox_suppressed on outbox (done_at) where outcome is not null;

-- Addresses that mail did not reach, and those that nothing goes to any more.
create table suppressions (
    address text primary key, -- in lower case
    reason text check (reason in ('bounce', 'complaint', 'unsubscribe')), -- null: mail still goes there
    since integer, -- when the reason was told, in milliseconds
    source text, -- who told: a transport, or NAME of [hooks.NAME]
    detail text, -- in their words
    delays integer not null default 0, -- bounces that may pass
    delayed_at integer, -- the last of them
    check ((reason is null) = (since is null))
) without rowid;
