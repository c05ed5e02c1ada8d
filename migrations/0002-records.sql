create sequence jackfield.reading_ticket;

create table jackfield.record(
  table_id integer not null references jackfield.synced_table,
  id uuid not null,
  rule_version integer not null,
  active boolean not null default true,
  ticket bigint not null,
  content_hash bigint,
  mark bigint[],
  deleted_at timestamptz,
  out_of_scope_at timestamptz,
  modified_at timestamptz,
  stored_at timestamptz not null default now(),
  source_id text collate "C" not null,
  name text,
  search_text text,
  points text[],
  links text[],
  source text,
  primary key (table_id, id)) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05);
comment on table jackfield.record is 'a row of an entity as the hub holds it; deleted_at makes it a tombstone';
comment on column jackfield.record.ticket is 'drawn when the stored reading was stored; a reading whose first ticket is earlier overlaps it';
comment on column jackfield.record.content_hash is 'first eight bytes of md5(source)';
comment on column jackfield.record.source is 'the CRM''s own JSON text of the row, to the digit; null on a tombstone of a row never seen';
comment on column jackfield.record.points is 'keys of this record in contact_point, kind:value:field';
comment on column jackfield.record.links is 'this record''s relations, role:target source id';
create index record_search_text on jackfield.record using gin (to_tsvector('simple', search_text)) where deleted_at is null;

create table jackfield.contact_point(
  kind "char" not null,
  value text collate "C" not null,
  table_id integer not null,
  record_id uuid not null,
  field text collate "C" not null,
  primary key (kind, value, table_id, record_id, field));
comment on table jackfield.contact_point is 'kind p: E.164 digits reversed; n: digits reversed that no hint completed to E.164; e: lower-case e-mail';

create table jackfield.relation(
  target_source_id text collate "C" not null,
  table_id integer not null,
  record_id uuid not null,
  role text collate "C" not null,
  primary key (target_source_id, role, table_id, record_id));
comment on table jackfield.relation is 'a record points at the row with this source id, whether it has arrived or not';

create table jackfield.change(
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default clock_timestamp(),
  table_id integer not null,
  record_id uuid not null,
  operation text not null check (operation in ('created', 'changed', 'deleted', 'restored', 'left_scope', 'entered_scope')),
  cause text not null,
  mark bigint[],
  changed jsonb not null);
create index change_cursor on jackfield.change(xid, id);
create index change_record on jackfield.change(record_id, id);
create index change_at on jackfield.change using brin(at);
