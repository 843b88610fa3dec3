-- When an attempt last may have arrived: a vendor whose search lags is asked what it has only so long after it.
alter table outbox add column last_sent_at integer;
update outbox set last_sent_at = sent_at;
