create table jackfield.interaction(
  id uuid primary key,
  source text not null,
  external_id text not null,
  channel text not null check (channel in ('voice', 'digital')),
  channel_type text not null,
  direction text not null check (direction in ('inbound', 'outbound')),
  state text not null check (state in ('offered', 'active', 'held', 'unassigned', 'wrap_up', 'closed')),
  contact_left boolean not null default false,
  address text,
  contact_name text,
  skill text,
  data jsonb not null,
  script_variables jsonb not null,
  offered_at timestamptz not null,
  accepted_at timestamptz,
  ended_at timestamptz,
  closed_at timestamptz,
  wrap_up_until timestamptz,
  agent_workflow_id uuid,
  search jsonb,
  version bigint not null default 1,
  changed_at timestamptz not null default clock_timestamp(),
  moments text[] not null default '{}',
  moments_at timestamptz,
  memorialize_at timestamptz,
  memorialize_problem jsonb,
  memorialized_at timestamptz,
  unique (source, external_id)) with (fillfactor = 70);
comment on table jackfield.interaction is 'one call, message or chat, as its events make it';
comment on column jackfield.interaction.id is 'made of source and external id, so that an event finds its interaction without being told';
comment on column jackfield.interaction.address is 'of the contact: their number, or their address in the channel';
comment on column jackfield.interaction.data is 'fields by the names of the contact centre, the latest event''s value of each';
comment on column jackfield.interaction.wrap_up_until is 'closed by the hub at this moment where nobody closes it before';
comment on column jackfield.interaction.search is 'what was found of who it is: ids and reasons, no values';
comment on column jackfield.interaction.moments is 'moments of its life at which workflows ran by themselves: each once';
comment on column jackfield.interaction.moments_at is 'when to look whether another moment has come; null: looked at since it changed';
comment on column jackfield.interaction.memorialize_at is 'from when on what is to be written to the CRM is to be compared with what was asked of it; null: nothing changed since';
comment on column jackfield.interaction.memorialized_at is 'when all that was to be written had been handed to the outbox; null: never yet';
create index interaction_open on jackfield.interaction(offered_at) where state <> 'closed';
create index interaction_wrap_up on jackfield.interaction(wrap_up_until) where wrap_up_until is not null and state <> 'closed';
create index interaction_moments on jackfield.interaction(moments_at) where moments_at is not null;
create index interaction_due on jackfield.interaction(memorialize_at) where memorialize_at is not null;
create index interaction_address on jackfield.interaction(address, offered_at);
create index interaction_offered on jackfield.interaction(offered_at, id);
create index interaction_changed on jackfield.interaction(changed_at);

create table jackfield.interaction_event(
  interaction_id uuid not null references jackfield.interaction on delete cascade,
  event_id text not null,
  number bigint not null generated always as identity,
  type text not null,
  at timestamptz not null,
  agent jsonb,
  data jsonb not null,
  script_variables jsonb not null,
  sent_by text not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (interaction_id, event_id));
comment on table jackfield.interaction_event is 'what was told of an interaction; its state is made of all of them in the order of their times, whatever the order of arrival';

create table jackfield.interaction_agent(
  interaction_id uuid not null references jackfield.interaction on delete cascade,
  agent_id text not null,
  name text,
  email text,
  person_id uuid references jackfield.person on delete set null,
  state text not null check (state in ('offered', 'active', 'left')),
  since timestamptz not null,
  primary key (interaction_id, agent_id));
comment on column jackfield.interaction_agent.agent_id is 'as the contact centre calls them';
create index interaction_agent_person on jackfield.interaction_agent(person_id, interaction_id);

create table jackfield.agent_identity(
  source text not null,
  agent_id text not null,
  person_id uuid not null references jackfield.person on delete cascade,
  primary key (source, agent_id));
comment on table jackfield.agent_identity is 'who an agent of a contact centre is here, where no e-mail address tells it';

create table jackfield.interaction_link(
  interaction_id uuid not null references jackfield.interaction on delete cascade,
  record_id uuid not null,
  connection_id uuid not null references jackfield.connection,
  entity text not null,
  source_id text not null,
  linked boolean not null,
  pinned boolean not null default false,
  linked_by text not null,
  write_id uuid,
  at timestamptz not null default clock_timestamp(),
  primary key (interaction_id, record_id));
comment on table jackfield.interaction_link is 'records that an interaction is about; linked false: somebody took it off, so that nothing links it again by itself';
comment on column jackfield.interaction_link.write_id is 'the write that makes the record, while its id may still change';
create index interaction_link_write on jackfield.interaction_link(write_id) where write_id is not null;
create index interaction_link_record on jackfield.interaction_link(record_id, interaction_id);

create table jackfield.interaction_note(
  interaction_id uuid not null references jackfield.interaction on delete cascade,
  author text not null,
  person_id uuid,
  notes text not null default '',
  disposition text,
  tags text[] not null default '{}',
  version integer not null default 1,
  saved_at timestamptz not null default clock_timestamp(),
  primary key (interaction_id, author));
comment on table jackfield.interaction_note is 'what an agent typed: each agent has their own, so that two never write over one another';

create table jackfield.memorial(
  interaction_id uuid not null references jackfield.interaction,
  target text not null,
  connection_id uuid not null references jackfield.connection,
  entity text not null,
  record_id uuid,
  source_id text,
  fields jsonb not null,
  revision integer not null,
  write_id uuid,
  problem jsonb,
  cut text[] not null default '{}',
  told text,
  at timestamptz not null default clock_timestamp(),
  primary key (interaction_id, target));
comment on table jackfield.memorial is 'what of an interaction was handed to the outbox for one record, committed with it: the comparison with it is what keeps a repeat from writing twice';
comment on column jackfield.memorial.target is 'activity, or the id of the linked or related record';
comment on column jackfield.memorial.fields is 'the CRM''s fields and values last asked for';
comment on column jackfield.memorial.write_id is 'the latest write; one that the outbox no longer has was done';
comment on column jackfield.memorial.cut is 'fields whose text did not fit whole';
comment on column jackfield.memorial.told is 'how the write ended, as the interaction was told of it';
create index memorial_write on jackfield.memorial(write_id) where told is distinct from 'done';

create table jackfield.crm_configuration(
  id uuid primary key,
  name text not null,
  description text not null default '',
  connection_id uuid not null references jackfield.connection,
  screen_pop_domain text not null,
  state text not null check (state in ('active', 'off')),
  team_ids uuid[] not null default '{}',
  person_ids uuid[] not null default '{}',
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now());
create unique index crm_configuration_name on jackfield.crm_configuration(lower(name));
comment on table jackfield.crm_configuration is 'how agents work with one CRM; it is kept whatever becomes of the connection''s account';

create table jackfield.configuration_part(
  id uuid primary key,
  configuration_id uuid not null references jackfield.crm_configuration on delete cascade,
  kind text not null check (kind in ('search', 'dynamic_data', 'memorialization', 'create', 'update')),
  name text not null,
  description text not null default '',
  active boolean not null default true,
  definition jsonb not null,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now());
create unique index configuration_part_name on jackfield.configuration_part(configuration_id, kind, lower(name));

create table jackfield.agent_workflow(
  id uuid primary key,
  configuration_id uuid not null references jackfield.crm_configuration on delete cascade,
  name text not null,
  position integer not null,
  skills text[] not null,
  channels text[] not null,
  definition jsonb not null,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now());
comment on table jackfield.agent_workflow is 'AGENT WORKFLOW CONFIGURATION: which workflows run for which skills and channels; the first that fits counts';

create table jackfield.interaction_source(
  name text primary key,
  secret bytea,
  created_by text not null,
  created_at timestamptz not null default now());
comment on table jackfield.interaction_source is 'contact centres that send signed events';

create table jackfield.desktop_setting(
  only_one boolean primary key default true check (only_one),
  settings jsonb not null,
  version integer not null default 1,
  changed_at timestamptz not null default now());
