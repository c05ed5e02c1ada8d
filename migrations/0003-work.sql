create table jackfield.sync_run(
  id uuid primary key,
  table_id integer not null references jackfield.synced_table,
  kind text not null check (kind in ('initial', 'incremental', 'full', 'audit')),
  state text not null check (state in ('waiting', 'running', 'paused', 'cancelled', 'done', 'failed')),
  cause text not null,
  requested_by text,
  options jsonb not null default '{}',
  expected bigint,
  first_ticket bigint,
  crm_started_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  not_before timestamptz not null default now(),
  attempts integer not null default 0,
  problem jsonb,
  result jsonb);
create index sync_run_open on jackfield.sync_run(table_id, created_at) where state in ('waiting', 'running', 'paused');
create index sync_run_table on jackfield.sync_run(table_id, created_at desc);
comment on column jackfield.sync_run.crm_started_at is 'the CRM''s own clock when the run began';

create table jackfield.sync_page(
  run_id uuid not null references jackfield.sync_run on delete cascade,
  number integer not null,
  link text not null,
  next text,
  delta text,
  records integer not null,
  written integer not null,
  parked integer not null,
  out_of_scope integer not null default 0,
  bytes bigint not null default 0,
  stored_at timestamptz not null default clock_timestamp(),
  primary key (run_id, number));
comment on table jackfield.sync_page is 'one row a stored page, in the transaction that stored its records; the checkpoint is the last number before the first gap';

create table jackfield.parked(
  id uuid primary key,
  table_id integer not null references jackfield.synced_table,
  source_id text collate "C",
  record_key text collate "C" not null,
  code text not null,
  field text,
  message text not null,
  body text,
  times integer not null default 1,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  unique (table_id, record_key));
comment on column jackfield.parked.record_key is 'the source id, or a hash of the body where it has none';

create table jackfield.hint(
  id bigint generated always as identity,
  connection_id uuid not null,
  entity text not null,
  source_id text collate "C" not null,
  operation text not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (connection_id, id));
comment on table jackfield.hint is 'records to read back; a settled one is deleted';

create table jackfield.hint_seen(
  event_id uuid primary key,
  connection_id uuid not null,
  pushed boolean not null,
  test_event text,
  received_at timestamptz not null default clock_timestamp());
-- Rows lie in the order of their times: a few bytes tell where to look.
create index hint_seen_received on jackfield.hint_seen using brin(received_at) with (pages_per_range = 16);
comment on table jackfield.hint_seen is 'events kept before: a replay meets its own and has no effect';
comment on column jackfield.hint_seen.event_id is 'hash of the event''s own identity';
comment on column jackfield.hint_seen.pushed is 'false of what the hub told itself';
comment on column jackfield.hint_seen.test_event is 'its id where it is a test event, which is of no table';

create table jackfield.outbox(
  id uuid primary key,
  connection_id uuid not null references jackfield.connection,
  table_id integer not null references jackfield.synced_table,
  record_id uuid not null,
  source_id text collate "C" not null,
  operation text not null check (operation in ('create', 'update', 'upsert', 'delete')),
  fields jsonb not null default '{}',
  expected_mark bigint[],
  write_key text collate "C" not null,
  state text not null check (state in ('kept', 'sending', 'sent', 'done', 'failed', 'unknown', 'cancelled')),
  attempts integer not null default 0,
  not_before timestamptz not null default now(),
  base jsonb,
  answer_lost boolean not null default false,
  problem jsonb,
  result jsonb,
  requested_by text not null,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  done_at timestamptz,
  unique (connection_id, write_key));
create index outbox_open on jackfield.outbox(connection_id, created_at) where state in ('kept', 'sending', 'sent');
create index outbox_record on jackfield.outbox(record_id, created_at);
comment on column jackfield.outbox.write_key is 'the caller''s key: the same key again is the same write, answered with the first one''s outcome';
comment on column jackfield.outbox.base is 'what the CRM held before the first attempt: its mark, so that a repeat after a lost answer is decided by reading';
