create table jackfield.destination(
  id uuid primary key,
  connection_id uuid not null unique references jackfield.connection,
  state text not null check (state in ('paused', 'active', 'removed')),
  on_delete text not null check (on_delete in ('keep', 'deactivate', 'delete')),
  entities text[] not null,
  mapping jsonb,
  mapping_version integer not null default 1,
  labels text[] not null default '{}',
  cursor text,
  listed_at timestamptz,
  figure jsonb,
  figure_asked_at timestamptz,
  figure_repairs boolean not null default false,
  problem jsonb,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now());
comment on table jackfield.destination is 'an organisation into which the accounts and contacts of all other connections are written';
comment on column jackfield.destination.mapping is 'what people changed of the defaults: entity, then kind of CRM, then lines; null: the defaults';
comment on column jackfield.destination.labels is 'names of CRMs in its rows'' source column; a row that carries one is a projection, and no record of the organisation''s own';
comment on column jackfield.destination.cursor is 'of the change feed: what comes after it was not yet asked for';
comment on column jackfield.destination.listed_at is 'when the rows that carry a source were last listed as a whole; null: to be listed before rows are added';
comment on column jackfield.destination.figure_repairs is 'whether the comparison that is asked for mends what it finds';

create table jackfield.destination_source(
  destination_id uuid not null references jackfield.destination,
  table_id integer not null references jackfield.synced_table,
  filled_to uuid,
  filled_at timestamptz,
  rule_version integer not null,
  mapping_version integer not null,
  primary key (destination_id, table_id));
comment on column jackfield.destination_source.filled_to is 'records up to this id were asked for by the fill under way';

create table jackfield.destination_row(
  destination_id uuid not null references jackfield.destination,
  record_id uuid not null,
  table_id integer not null references jackfield.synced_table,
  entity text not null,
  row_id uuid not null,
  adopted boolean not null default false,
  state text not null default 'waiting' check (state in ('waiting', 'written', 'deactivated', 'deleted', 'kept')),
  asked bigint not null default 1,
  done bigint not null default 0,
  sent boolean not null default false,
  not_before timestamptz,
  tries integer not null default 0,
  hash bigint,
  mark bigint[],
  awaits uuid[],
  problem jsonb,
  written_at timestamptz,
  primary key (destination_id, record_id),
  unique (destination_id, entity, row_id)) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
comment on table jackfield.destination_row is 'a record''s row in the destination: what stands there, as far as the hub knows';
comment on column jackfield.destination_row.row_id is 'the record''s id, or that of a row which carried the same source already';
comment on column jackfield.destination_row.asked is 'grows with each reason to write the record; due while done is less';
comment on column jackfield.destination_row.sent is 'a request to make it left: the row may be there';
comment on column jackfield.destination_row.hash is 'of what was last written';
comment on column jackfield.destination_row.mark is 'the destination''s version of what was last written';
comment on column jackfield.destination_row.awaits is 'records that it points at, of which none has a row yet';
create index destination_row_due on jackfield.destination_row(destination_id, entity, record_id) where asked > done;
create index destination_row_awaits on jackfield.destination_row(destination_id, record_id) where awaits is not null;
create index destination_row_problem on jackfield.destination_row(destination_id, record_id) where problem is not null;

create table jackfield.destination_found(
  destination_id uuid not null references jackfield.destination,
  entity text not null,
  row_id uuid not null,
  source_crm text not null,
  source_id text collate "C" not null,
  source_host text not null,
  mark bigint[],
  round bigint not null,
  primary key (destination_id, entity, row_id));
comment on table jackfield.destination_found is 'rows that carry a source, as the destination last listed them';
create index destination_found_source on jackfield.destination_found(destination_id, entity, source_id);
