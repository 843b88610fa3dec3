-- Looks like spam: no desk and no letter goes out before an agent looked at it.
alter table tickets add column held integer not null default 0;
