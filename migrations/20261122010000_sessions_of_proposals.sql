-- A ticket that is sent settles what was proposed to its session, whatever waits of others.
create index proposals_session on proposals (session) where session is not null;
