-- What routing decided of a ticket.
alter table tickets add column class text; -- technical, billing, …; absent before there was routing
alter table tickets add column class_by text; -- id of the agent who chose it; absent: the rules
alter table tickets add column priority_by text; -- likewise
alter table tickets add column "group" text; -- of routing.yml
alter table tickets add column routed text; -- why, line by line, as JSON; for agents
alter table tickets add column topics text not null default '[]'; -- categories of what its requester read, as JSON
alter table tickets add column next_reply_due_at integer;

-- Before the last time there is, where nothing is due, stands the last but one: something is promised, and its clock
-- stands still.
drop index tickets_queue;
create index tickets_queue on tickets (since, id, status, assignee, form, priority, tags, class, "group", merged_into)
    where merged_into is null;
drop index tickets_due;
create index tickets_due
    on tickets (due_at, since, id, status, assignee, form, priority, tags, class, "group", merged_into)
    where merged_into is null;
drop index tickets_standing;
create index tickets_standing
    on tickets (status, since, id, due_at, assignee, form, priority, tags, class, "group", merged_into)
    where merged_into is null;

alter table agents add column away_at integer; -- says since then that they are not there
alter table agents add column assigned_at integer; -- when they were given a ticket last

-- Since when a ticket stood how: what clocks are read from. It was new when it was opened.
create table ticket_statuses (
    ticket text not null references tickets (id),
    at integer not null,
    status text not null,
    primary key (ticket, at, status)
) without rowid;
insert into ticket_statuses select id, since, status from tickets where status <> 'new';

-- What is to be done when a promise is not kept; planned anew whenever its clock changes.
create table escalations (
    ticket text not null references tickets (id),
    target text not null, -- first_reply, next_reply, solve
    started_at integer not null, -- of the promise's clock
    moment text not null, -- as routing.yml says it: 50%, breach, +2h
    at integer not null,
    step text not null, -- as JSON
    done_at integer,
    primary key (ticket, target, started_at, moment)
) without rowid;
create index escalations_next on escalations (at) where done_at is null;

-- By which rules everything that is open was planned last: the hash of their files.
create table routing_rules (
    fingerprint text primary key,
    planned_at integer not null
) without rowid;

-- Who was on call when it was looked at last, so that a hand-over is told once.
create table on_call (
    rotation text primary key,
    agent text not null, -- e-mail address
    at integer not null
) without rowid;

-- First answers by what tickets are about and who has them; times in milliseconds.
create view routing_figures as
    with answered as (
        select coalesce(class, '') as class, coalesce("group", '') as "group", status, replied_at - opened_at as took,
            coalesce(replied_at > reply_due_at, 0) as late
        from tickets where merged_into is null
    ), ranked as (
        select class, "group", took, row_number() over (partition by class, "group" order by took) as place,
            count(*) over (partition by class, "group") as answered
        from answered where took is not null
    ), times as (
        select class, "group", avg(case when place in ((answered + 1) / 2, (answered + 2) / 2) then took end) as half_within
        from ranked group by class, "group"
    )
    select answered.class, answered."group", count(*) as tickets, sum(status in ('new', 'open', 'pending')) as open,
        count(took) as answered, sum(late) as late, cast(half_within as integer) as half_within
    from answered left join times on times.class = answered.class and times."group" = answered."group"
    group by answered.class, answered."group";
