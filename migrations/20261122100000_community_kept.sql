-- Its predecessor was for replies that are not shown, and never used: SQLite does not see that one state excludes the
-- other.
drop index replies_state;
create index replies_state on replies (state, updated_at);

-- Compared in small letters from now on.
update questions set email = lower(email) where email is not null;

-- Kept from now on for readers who allowed analytics, of whom there are events.
update questions set session = null where session not in (select session from events);
update replies set session = null where session not in (select session from events);
