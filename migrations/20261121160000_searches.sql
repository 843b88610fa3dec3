-- How often something was searched for on a day; nothing about who searched, and nothing personal in the query.
create table search_counts (
    day integer not null, -- days since 1970-01-01 UTC
    locale text not null,
    query text not null,
    searches integer not null,
    results integer not null, -- of the last of them
    rung text, -- of its first hit; null when nothing was found
    primary key (day, locale, query)
) without rowid;
