-- Since when a ticket waits for whom its status names; whom the articles are for that its requester may see.
alter table tickets add column since integer not null default 0;
update tickets set since = updated_at;
alter table tickets add column audiences text not null default '[]'; -- as JSON
-- What is due next; never, as far as anybody counts, where nothing was promised or nothing is left to do.
alter table tickets add column due_at integer generated always as (
    case
        when status in ('solved', 'closed') then 9007199254740991
        when replied_at is null and reply_due_at is not null then reply_due_at
        else coalesce(solve_due_at, 9007199254740991)
    end
) virtual;

-- The queue is read from these alone, in its order, whatever narrows it. The condition's own column is there because
-- SQLite looks at it all the same.
drop index tickets_assignee;
create index tickets_queue on tickets (since, id, status, assignee, form, priority, tags, merged_into)
    where merged_into is null;
create index tickets_due on tickets (due_at, since, id, status, assignee, form, priority, tags, merged_into)
    where merged_into is null;
create index tickets_counts on tickets (status, assignee, merged_into) where merged_into is null;
create index tickets_merged on tickets (merged_into) where merged_into is not null;
create index tickets_updated on tickets (updated_at);

-- How often each article was given as an answer.
create view article_answers as
    select given.value as article, count(distinct messages.ticket) as tickets, max(messages.at) as last_at
    from messages, json_each(messages.articles) as given
    where messages.internal = 0
    group by given.value;
