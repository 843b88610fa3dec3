-- Where the events of a session lie: whoever tells, tells many at once, and these are rows that follow each other. One
-- entry for all of them, where an index on `session` was half of what was written with each.
create table event_runs (
    session text not null,
    first text not null, -- id of the first event
    last text not null, -- and of the last
    primary key (session, first)
) without rowid;

insert into event_runs (session, first, last)
    select session, min(id), max(id) from
        (select session, id, row_number() over (order by id)
                - row_number() over (partition by session order by id) as place from events)
    group by session, place;

drop index events_session;
