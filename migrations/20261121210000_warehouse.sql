-- The events as tables to ask: one view for each question that is asked often. All of readers who granted `analytics`.
create view searches_performed as
    select id, at, session, body ->> 'query' as query, body ->> 'results' as results, body ->> 'rung' as rung,
           body ->> 'refines' as refines, body ->> 'locale' as locale
    from events where kind = 'search_performed' and instr(grants, 'a') > 0;

create view results_clicked as
    select id, at, session, body ->> 'query' as query, body ->> 'article' as article, body ->> 'rank' as rank
    from events where kind = 'search_result_clicked' and instr(grants, 'a') > 0;

create view articles_viewed as
    select id, at, session, body ->> 'article' as article, body ->> 'locale' as locale, body ->> 'device' as device
    from events where kind = 'article_viewed' and instr(grants, 'a') > 0;

create view articles_read as
    select id, at, session, body ->> 'article' as article, body ->> 'seconds' as seconds, body ->> 'scroll' as scroll
    from events where kind = 'article_read' and instr(grants, 'a') > 0;

create view articles_rated as
    select id, at, session, body ->> 'article' as article, body ->> 'version' as version, body ->> 'helpful' as helpful,
           body ->> 'reason' as reason, body ->> 'comment' as comment, body ->> 'query' as query
    from events where kind = 'article_rated' and instr(grants, 'a') > 0;

create view sessions as
    select session, min(at) as began_at, max(at) as ended_at, count(*) as events, max(body ->> 'user') as user,
           max(body ->> 'plan') as plan, max(body ->> 'country') as country, max(body ->> 'device') as device,
           max(body ->> 'referrer') as referrer
    from events where instr(grants, 'a') > 0 group by session;
