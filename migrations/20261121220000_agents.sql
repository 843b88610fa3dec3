-- Who signs in with an account of this help center.
create table agents (
    id text primary key,
    email text not null unique, -- in lower case
    name text not null,
    role text not null check (role in ('agent', 'admin')),
    password_hash text not null, -- PHC string, with its salt and its parameters
    locale text, -- of the interface; absent: the site's
    created_at integer not null,
    disabled_at integer
);

-- Who is signed in. The cookie holds a secret; the database holds only its hash. Who was signed in gives the token again.
drop table staff_sessions;
create table staff_sessions (
    id text primary key, -- names it in lists, opens nothing
    secret_hash text not null unique,
    agent_id text references agents (id) on delete cascade, -- absent: by the admin token
    created_at integer not null,
    seen_at integer not null,
    expires_at integer not null, -- moves on with use, up to a limit
    browser text, -- as a person says it: Firefox, Linux
    network text -- what is left of the address
);
create index staff_sessions_by_agent on staff_sessions (agent_id);
