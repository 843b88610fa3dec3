-- Came by a list: its requester gets no letter that it arrived, also when it is released.
alter table tickets add column quiet integer not null default 0;
