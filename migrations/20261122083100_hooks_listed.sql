-- What a list shows of a call, without its body: one may be a mail of many megabytes.
drop index hooks_received;
create index hooks_listed
    on hooks (received_at, id, provider, event, state, outcome, attempts, due_at, last_error);
