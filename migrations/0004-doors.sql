create table jackfield.api_key(
  id uuid primary key,
  name text not null,
  hash bytea not null unique,
  hint text not null,
  scopes text[] not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz);
comment on column jackfield.api_key.hint is 'its last four characters, to tell keys apart';

create table jackfield.sign_in_link(
  hash bytea primary key,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz);

create table jackfield.session(
  hash bytea primary key,
  person text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz);

create table jackfield.door_count(
  door text not null,
  outcome text not null,
  connection_id uuid,
  day date not null default current_date,
  count bigint not null default 0);
create unique index door_count_key on jackfield.door_count(door, outcome, coalesce(connection_id, '00000000-0000-0000-0000-000000000000'), day);
