create table jackfield.setting(
  key text primary key,
  value jsonb not null,
  changed_at timestamptz not null default now());

create table jackfield.authentication(
  id uuid primary key,
  name text not null,
  kind text not null,
  settings jsonb not null,
  secret bytea,
  token bytea,
  token_expires_at timestamptz,
  token_renew_at timestamptz,
  token_number bigint not null default 0,
  problem jsonb,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now());
comment on column jackfield.authentication.settings is 'nothing secret: authority, tenant, client id, scope';
comment on column jackfield.authentication.secret is 'sealed';
comment on column jackfield.authentication.token is 'sealed';
comment on column jackfield.authentication.token_number is 'grows by one at each renewal: a rejected token is renewed only when nobody renewed it meanwhile';

create table jackfield.connection(
  id uuid primary key,
  name text not null,
  crm text not null,
  organisation text not null,
  url text not null,
  authentication_id uuid not null references jackfield.authentication,
  state text not null check (state in ('connecting', 'active', 'needs_attention', 'paused', 'removed')),
  problem jsonb,
  settings jsonb not null default '{}',
  webhook_secret bytea,
  webhook jsonb,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  unique (crm, organisation));
comment on column jackfield.connection.problem is 'why it needs attention: code, message, mend, since';
comment on column jackfield.connection.settings is 'default country, time zone, id of the CRM user that the hub is';
comment on column jackfield.connection.webhook is 'what was registered at the CRM: endpoint id, step ids, url, when';

create table jackfield.synced_table(
  id integer generated always as identity primary key,
  connection_id uuid not null references jackfield.connection,
  entity text not null,
  enabled boolean not null default true,
  source jsonb not null,
  columns text[] not null,
  filter jsonb,
  mapping jsonb not null,
  rule_version integer not null default 1,
  schedule_seconds integer not null default 300 check (schedule_seconds >= 1),
  delta_link text,
  read_since timestamptz,
  first_pass_at timestamptz,
  last_pass_at timestamptz,
  next_pass_at timestamptz,
  completeness jsonb,
  problem jsonb,
  changed_at timestamptz not null default now(),
  unique (connection_id, entity));
comment on column jackfield.synced_table.source is 'the CRM''s own description: table name, set name, id column, fields with type, length, targets and labels';
comment on column jackfield.synced_table.rule_version is 'of the mapping; derived values carry the version that made them';
comment on column jackfield.synced_table.read_since is 'by the CRM''s clock: the next window read starts here less the late-arrival window';
comment on column jackfield.synced_table.first_pass_at is 'when the first full pass ended; only changes after it are fed';

create table jackfield.quota(
  authentication_id uuid primary key references jackfield.authentication on delete cascade,
  tokens double precision not null,
  refilled_at timestamptz not null default now(),
  blocked_until timestamptz not null default '-infinity',
  calls bigint not null default 0);

create table jackfield.lease(
  name text primary key,
  owner uuid,
  holder text,
  epoch bigint not null default 0,
  until timestamptz not null default '-infinity');
