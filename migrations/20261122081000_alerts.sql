-- What alerts of routing.yml told, once about each thing.
create table alerts (
    id text primary key,
    alert text not null, -- its name
    kind text not null, -- of what: ticket; article, query, topic, class for many tickets at once
    about text not null, -- the ticket's id; the article's id, the masked search, the category, the class
    at integer not null,
    told text not null, -- e-mail addresses and channels, as JSON
    tickets text not null default '[]', -- numbers of those of a burst, the latest first, as JSON
    ended_at integer -- since when there are fewer: the next burst is told again
) without rowid;
create unique index alerts_running on alerts (alert, kind, about) where ended_at is null;
create index alerts_at on alerts (at);
create index alerts_ticket on alerts (about) where kind = 'ticket';

-- Bursts that nobody wants to hear of.
create table alert_mutes (
    alert text not null,
    kind text not null,
    about text not null,
    at integer not null,
    until integer, -- absent: for good
    agent text not null, -- name of who did it
    primary key (alert, kind, about)
) without rowid;

alter table tickets add column muted_at integer; -- nobody is told of it since then
