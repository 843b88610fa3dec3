-- What readers ask in public under an article. Nobody but agents sees it before one of them let it through.
create table questions (
    id text primary key, -- UUIDv7, made with the form: sent twice it is one question
    at integer not null, -- when it was asked; times are milliseconds since 1970-01-01 UTC
    updated_at integer not null, -- grows with every deed of an agent
    article text not null, -- its id: who may see the article may see the question
    locale text not null, -- of the page it was asked on
    title text not null, -- masked, as is `text`
    text text not null,
    name text, -- as shown
    email text, -- to be told of the answer; gone once that is done
    reader text, -- the host's id of a reader it signed in
    session text,
    audiences text not null, -- groups of readers the asker belonged to, as JSON
    state text not null, -- waiting, shown, refused
    reason text, -- why it was refused
    agent text, -- id of who decided
    accepted text -- id of the reply that answers it
) without rowid;
create index questions_state on questions (state, updated_at);
create index questions_reader on questions (reader) where reader is not null;
create index questions_session on questions (session) where session is not null;

-- What is said to a question.
create table replies (
    id text primary key, -- likewise
    question text not null references questions (id) on delete cascade,
    at integer not null,
    updated_at integer not null, -- when it was said or decided on
    text text not null, -- masked; of the team: Markdown, as it was written
    name text,
    reader text,
    session text,
    by_team integer not null,
    state text not null,
    reason text,
    agent text -- of the team: who said it
) without rowid;
create index replies_question on replies (question, id);
create index replies_state on replies (state) where state <> 'shown';
create index replies_reader on replies (reader) where reader is not null;
create index replies_session on replies (session) where session is not null;
