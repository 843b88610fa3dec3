-- Mails that arrived and became part of a ticket.
create table arrivals (
    id text primary key, -- the same for the same mail into the same ticket
    at integer not null,
    sender text not null, -- the address it says it is from
    ticket text not null references tickets (id),
    message text not null references messages (id), -- what it became
    mark text check (mark in ('automatic', 'stranger')), -- absent: its requester wrote it
    opened integer not null, -- the ticket began with it
    original text, -- all that it said, where that is more than the message
    left_out text not null -- names of files that were not taken, as JSON
) without rowid;
create index arrivals_ticket on arrivals (ticket, sender, at);
create index arrivals_opened on arrivals (sender, at) where opened;

-- All of a requester's, in whatever case the address was typed.
create index tickets_address on tickets (lower(email), updated_at) where email is not null;

-- What lets somebody in for a while: a link in a letter that works once, and what a requester's browser holds after it.
create table passes (
    hash text primary key, -- of the secret
    purpose text not null check (purpose in ('invitation', 'sign_in', 'requester')),
    holder text not null, -- id of an agent, address of a requester
    expires_at integer not null
) without rowid;
create index passes_expires on passes (expires_at);

-- Who answers for articles, as letters reach them.
create table owners (
    address text primary key, -- in small letters
    secret text not null unique, -- of the link by which they get no more digests
    left_at integer
) without rowid;
-- What they were written, so that each is written once.
create table owner_letters (
    address text not null references owners (address),
    kind text not null check (kind in ('digest', 'review')),
    about text not null, -- the week (ISO 8601), or an article and the day by which it is to be read
    at integer not null,
    primary key (address, kind, about)
) without rowid;
