-- Talks of readers with people, or with a bot before them. Those that asked for a person become tickets, and go from
-- here some days later.
create table chats (
    id text primary key, -- UUIDv7
    secret text not null unique, -- hash of what the reader's cookie holds; begun twice it is one chat
    state text not null, -- bot, waiting, talking, missed, over
    since integer not null, -- when it began to stand so
    name text,
    email text,
    reader text, -- the host's id of a reader it signed in
    plan text,
    locale text not null,
    audiences text not null, -- as JSON
    dossier text not null, -- what the reader let travel, as JSON
    before text not null, -- articles opened and searches in vain, as far as they travel, as JSON
    consent text, -- the reader's choice that grants what may be told of it
    page text, -- path of the page the reader came from
    session text,
    entry text, -- context and grants of its events, as JSON
    agent text, -- id of the agent who has it
    agent_name text,
    began_at integer not null,
    asked_at integer, -- when a person was asked for first
    answered_at integer, -- when a person answered first
    said_at integer not null, -- when something was said last
    said_by text not null, -- by whom: reader, agent, bot
    ticket text -- what it became
) without rowid;
create index chats_open on chats (state, since) where state <> 'over';
create index chats_over on chats (since) where state = 'over';
create index chats_reader on chats (reader) where reader is not null;

-- What was said. Rows are never changed.
create table chat_messages (
    chat text not null references chats (id) on delete cascade,
    place integer not null, -- counts from 1, without gaps
    key text not null, -- made by whoever said it: sent twice it is said once
    at integer not null,
    author text not null, -- reader, agent, bot, line
    agent text, -- id of an agent of ours
    name text, -- as shown
    internal integer not null, -- a note that only agents see
    text text not null, -- Markdown of an agent's or a bot's, plain text of a reader's; which line it is
    articles text not null, -- ids of articles given as answers, as JSON
    primary key (chat, place)
) without rowid;
create unique index chat_messages_key on chat_messages (chat, key);
