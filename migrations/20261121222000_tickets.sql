-- What a reader began to write, under the secret in its page's address; gone within days.
create table drafts (
    id text primary key, -- hash of the secret
    at integer not null,
    body text not null -- as JSON
) without rowid;
create index drafts_at on drafts (at);

-- What readers ask people.
create table tickets (
    id text primary key, -- UUIDv7; also what other desks know it by
    number integer not null unique, -- what people say
    draft text unique, -- the draft it was: sent twice it is one ticket
    secret text not null unique, -- of the requester's link, as every mail names it
    form text not null, -- `question`, `bug`, `idea`, or one of the settings
    status text not null, -- new, open, pending, solved, closed
    priority text not null, -- low, normal, high, urgent
    subject text not null,
    name text,
    email text,
    reader text, -- the host's id of a reader it signed in
    plan text,
    locale text not null,
    fields text not null, -- answers to the form's own questions, as JSON
    dossier text not null, -- what the reader let travel, as JSON
    session text,
    assignee text, -- id of an agent
    tags text not null, -- as JSON
    merged_into text references tickets (id),
    follows text references tickets (id), -- the closed one it goes on from
    opened_at integer not null,
    updated_at integer not null,
    reply_due_at integer, -- when the first answer is due
    replied_at integer, -- when it was given
    solve_due_at integer,
    solved_at integer,
    rating text, -- good, bad
    rating_comment text,
    rated_at integer
) without rowid;
create index tickets_status on tickets (status, updated_at);
create index tickets_assignee on tickets (assignee, status, updated_at);
create index tickets_email on tickets (email, updated_at);
create index tickets_reader on tickets (reader, updated_at) where reader is not null;
create index tickets_session on tickets (session, opened_at) where session is not null;

-- What was said. Rows are never changed.
create table messages (
    id text primary key, -- UUIDv7
    ticket text not null references tickets (id),
    at integer not null,
    author text not null, -- requester, agent, system
    agent text, -- id of an agent of ours
    name text, -- as shown
    internal integer not null, -- a note that only agents see
    text text not null, -- Markdown of an agent's, plain text of a requester's
    articles text not null -- ids of articles given as answers, as JSON
) without rowid;
create index messages_ticket on messages (ticket, id);

create table attachments (
    id text primary key, -- random; also the file's name
    ticket text not null references tickets (id),
    message text not null references messages (id),
    name text not null, -- what its sender called it
    media_type text not null, -- what its bytes say
    bytes integer not null
) without rowid;
create index attachments_ticket on attachments (ticket);

-- Where else a ticket is, and how it stands there.
create table desk_tickets (
    ticket text not null references tickets (id),
    desk text not null, -- the sink's name: `zendesk`, `connector.NAME`
    remote_id text, -- once the desk has it
    url text, -- for agents
    heard_at integer, -- time of the newest news of it, by the desk's clock
    primary key (ticket, desk)
) without rowid;
create unique index desk_tickets_remote on desk_tickets (desk, remote_id) where remote_id is not null;

-- What was proposed before a ticket was sent, and what came of it: so the effect of proposals is measured.
create table proposals (
    id text primary key, -- the draft's
    at integer not null,
    session text,
    form text not null,
    held_out integer not null, -- nothing was shown, so that there is something to compare with
    shown text not null, -- ids of articles, as JSON
    opened text, -- the one opened last
    answered integer not null default 0, -- the reader said that it did
    entry text, -- context and grants of the event to be, as JSON
    outcome text -- ticket, deflected, gone; absent within the first day
) without rowid;
create index proposals_open on proposals (outcome, at);
