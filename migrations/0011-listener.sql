create table jackfield.listener(
  connection_id uuid primary key references jackfield.connection,
  state text not null check (state in ('listening', 'interrupted', 'not_offered')),
  replay text,
  problem jsonb,
  heard_at timestamptz,
  changed_at timestamptz not null default now());
comment on column jackfield.listener.replay is 'where the line to the CRM goes on: kept with the hints that it brought; null: with what is new';
