-- What a sink said when it did a deed, until somebody took note of it.
alter table outbox add column answer text; -- as JSON
create index outbox_answer on outbox (id) where answer is not null;
