-- A ticket that is sent settles what was proposed to its session, whatever waits of others.
create index proposals_session on proposals (session) where session is not null;

-- Narrowed by status, the queue is read from this alone: few tickets are not closed, and those are the ones looked for.
create index tickets_standing on tickets (status, since, id, due_at, assignee, form, priority, tags, merged_into)
    where merged_into is null;
