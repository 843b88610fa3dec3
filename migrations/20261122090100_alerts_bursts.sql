-- Bursts that go on, or ended lately: looked for every few seconds, among the alerts of all tickets.
create index alerts_bursts on alerts (ended_at) where kind <> 'ticket';
