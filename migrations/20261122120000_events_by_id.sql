-- Events age by their ids, which are made when they come: one index less to write with each.
drop index events_at;
