-- What was done with readers' data as a whole: rows are never changed or deleted.
create table audit (
    id text primary key, -- UUIDv7
    at integer not null,
    deed text not null, -- `purge`
    detail text not null -- JSON
) without rowid;
create trigger audit_stays before update on audit begin
    select raise(abort, 'the audit log is never changed');
end;
create trigger audit_is_kept before delete on audit begin
    select raise(abort, 'the audit log is never deleted');
end;

-- How often each kind of event happened on a day: outlives the events.
create table event_counts (
    day integer not null, -- days since 1970-01-01 UTC
    kind text not null,
    locale text not null,
    events integer not null,
    sessions integer not null,
    primary key (day, kind, locale)
) without rowid;
