-- Dead letters of a ticket, and of a page of tickets.
create index outbox_dead on outbox (about) where state = 'dead' and about is not null;
create index dead_letters_key on dead_letters (key);

-- How readers fared a day after they wrote, those who were shown answers and those who were not.
create view proposal_effect as
    select held_out, count(*) as drafts, sum(outcome <> 'ticket') as without_ticket
    from proposals where outcome is not null group by held_out;

-- What became of drafts whose reader opened a proposed article.
create view proposal_articles as
    select opened as article, count(*) as opened, sum(answered) as answered,
        sum(coalesce(outcome, '') = 'deflected') as deflected, max(at) as last_at
    from proposals where opened is not null group by opened;

-- Tickets of each desk, '' where a ticket is in the portal alone; times of first answers in milliseconds.
create view desk_figures as
    with placed as (
        select coalesce(desk, '') as desk, status, replied_at - opened_at as took
        from tickets left join desk_tickets on desk_tickets.ticket = tickets.id
        where merged_into is null
    ), ranked as (
        select desk, took, row_number() over (partition by desk order by took) as place,
            count(*) over (partition by desk) as answered
        from placed where took is not null
    ), times as (
        select desk, avg(case when place in ((answered + 1) / 2, (answered + 2) / 2) then took end) as half_within,
            max(case when place = (answered * 9 + 9) / 10 then took end) as most_within
        from ranked group by desk
    )
    select placed.desk, count(*) as tickets, sum(status in ('new', 'open', 'pending')) as open,
        count(took) as answered, cast(half_within as integer) as half_within, most_within
    from placed left join times on times.desk = placed.desk
    group by placed.desk;
