-- Whether an article helped: one row for a session and a version of the article. Its id is a hash of the three: only who
-- has the session's number, as in the events of those who granted `analytics`, can tell whose it is.
create table votes (
    id text primary key,
    day integer not null, -- days since 1970-01-01 UTC
    article text not null,
    version text not null, -- hash of the article's text
    locale text not null,
    helpful integer not null, -- 0 or 1
    reason text,
    comment text -- masked
) without rowid;
create index votes_article on votes (article, day);
