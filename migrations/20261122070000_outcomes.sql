-- How a ticket came: portal, mail, chat, desk.
alter table tickets add column channel text not null default 'portal';
-- How often it was opened again after it was solved.
alter table tickets add column reopened integer not null default 0;
-- Context and grants of events to be told of it, as JSON, and the reader's choice that grants them; absent without one.
alter table tickets add column entry text;
alter table tickets add column consent text;
create index tickets_consent on tickets (consent) where consent is not null;

-- Articles that the reader opened before asking, as far as that was let travel.
create table ticket_articles (
    ticket text not null references tickets (id),
    article text not null, -- id of the article
    category text, -- path of the category it lay in
    primary key (ticket, article)
) without rowid;
create index ticket_articles_article on ticket_articles (article, ticket);

-- What the reader searched for before asking and found no answer to, likewise.
create table ticket_searches (
    ticket text not null references tickets (id),
    query text not null, -- masked
    primary key (ticket, query)
) without rowid;

-- Figures are read from these alone.
create index tickets_outcomes on tickets (opened_at, id, merged_into, held, form, channel, assignee, status, replied_at,
    solved_at, reopened, rating) where merged_into is null and held = 0;
create index messages_given on messages (ticket, at, internal, articles) where internal = 0 and articles <> '[]';
create index votes_day on votes (day, article, helpful);
create index article_views_day on article_views (day, article_id, views);

-- What became of each ticket; those that go on in another one, and spam, are left out. Times are milliseconds.
create view ticket_outcomes as
    select id as ticket, opened_at, form, channel, coalesce(assignee, '') as agent, status,
        status in ('solved', 'closed') as solved, reopened > 0 as reopened, rating,
        replied_at - opened_at as answered_after,
        case when status in ('solved', 'closed') then solved_at - opened_at end as solved_after
    from tickets where merged_into is null and held = 0;

-- The same, for each article that its reader had opened before. Joined in this order, so that the tickets of a time
-- are found first.
create view articles_asked as
    select ticket_articles.article, ticket_articles.category, ticket_outcomes.*
    from ticket_outcomes cross join ticket_articles on ticket_articles.ticket = ticket_outcomes.ticket;

-- The same, for each search that had found no answer.
create view searches_asked as
    select ticket_searches.query, ticket_outcomes.*
    from ticket_outcomes cross join ticket_searches on ticket_searches.ticket = ticket_outcomes.ticket;

-- The same, for each desk; '' for tickets that are in the portal alone.
drop view desk_figures;
create view desk_outcomes as
    select coalesce(desk_tickets.desk, '') as desk, ticket_outcomes.*
    from ticket_outcomes left join desk_tickets on desk_tickets.ticket = ticket_outcomes.ticket;

-- Only messages that give an article are looked at.
drop view article_answers;
create view article_answers as
    select given.value as article, count(distinct messages.ticket) as tickets, max(messages.at) as last_at
    from messages, json_each(messages.articles) as given
    where messages.internal = 0 and messages.articles <> '[]'
    group by given.value;

-- What becomes of a ticket days later is no part of the visit.
drop view sessions;
create view sessions as
    select session, min(at) as began_at, max(at) as ended_at, count(*) as events, max(body ->> 'user') as user,
           max(body ->> 'plan') as plan, max(body ->> 'country') as country, max(body ->> 'device') as device,
           max(body ->> 'referrer') as referrer
    from events
    where instr(grants, 'a') > 0
        and kind not in ('ticket_deflected', 'ticket_solved', 'ticket_reopened', 'ticket_rated')
    group by session;
