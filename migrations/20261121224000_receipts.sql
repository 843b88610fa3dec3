-- Deeds about the same thing go out in the order they were promised.
alter table outbox add column about text; -- id of a ticket; null where order does not matter
alter table outbox add column sent_at integer; -- when an attempt first may have arrived; null while none can have
create index outbox_about on outbox (channel, about, id) where about is not null;

-- What a sink calls the thing that deeds were about, once the first of them arrived.
create table receipts (
    channel text not null, -- name of the sink
    about text not null,
    remote_id text, -- null where the sink says none
    url text, -- for people
    at integer not null,
    primary key (channel, about)
) without rowid;
create index receipts_remote on receipts (channel, remote_id) where remote_id is not null;
