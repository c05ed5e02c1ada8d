-- Appended to by every act, look-ups included: no foreign keys, no checks but one, and as few indexes as reading needs.
create table jackfield.act(
  xid bigint not null default pg_current_xact_id()::text::bigint,
  id uuid not null,
  at timestamptz not null default clock_timestamp(),
  actor_kind text collate "C" not null,
  actor_id text collate "C" not null,
  session_id uuid,
  act text collate "C" not null,
  subject_kind text collate "C",
  subject_id text collate "C",
  outcome text collate "C" not null check (outcome in ('begun', 'done', 'refused', 'failed')),
  begun uuid,
  details json not null,
  result json,
  personal json,
  mac bytea not null,
  primary key (xid, id));
create index act_actor on jackfield.act(actor_id, xid, id);
-- These cost a look-up nothing: it is in neither.
create index act_begun on jackfield.act(begun) where begun is not null;
create index act_name on jackfield.act(act, xid, id) where act <> 'record.look_up';
create index act_outcome on jackfield.act(outcome, xid, id) where outcome <> 'done';
-- A few bytes tell in which pages a subject may stand; a btree of random ids would cost each look-up a page.
create index act_subject on jackfield.act using brin(subject_id text_bloom_ops(n_distinct_per_range=1500))
  with (pages_per_range = 32, autosummarize = on);
comment on table jackfield.act is 'the audit log: rows are appended, and never changed';
comment on column jackfield.act.xid is 'its transaction, which is the order of sealing; a restored log goes on above its own numbers';
comment on column jackfield.act.begun is 'the row that this is the outcome of';
comment on column jackfield.act.details is 'nothing of a person and no secret; as text under mac and block';
comment on column jackfield.act.result is 'what the statement that wrote the act found by itself';
comment on column jackfield.act.personal is 'owner of a key: values sealed by it';
comment on column jackfield.act.mac is 'of what its writer knew, by a key that the database does not hold';

create table jackfield.act_block(
  number bigint primary key,
  key_id text not null,
  count integer not null,
  last_xid bigint not null,
  last_id uuid not null,
  next_xid bigint not null,
  sealed_at timestamptz not null,
  digest bytea not null,
  rows bytea,
  hash bytea not null,
  dropped_at timestamptz,
  dropped_mac bytea);
create index act_block_sealed on jackfield.act_block(sealed_at) where dropped_at is null;
create index act_block_kept on jackfield.act_block(number) where dropped_at is null;
comment on table jackfield.act_block is 'sealed acts: each block''s hash is over the one before and over its acts';
comment on column jackfield.act_block.next_xid is 'transactions from this one on began after the block was sealed';
comment on column jackfield.act_block.rows is '16 bytes of id and 16 of digest for each act: tells which one was removed, added or altered; null once the acts were dropped';

create table jackfield.person_key(
  owner text collate "C" primary key,
  key bytea,
  made_at timestamptz not null default now(),
  erased_at timestamptz);
comment on table jackfield.person_key is 'seals a person''s values in the audit log; without its key they are gone for ever';
comment on column jackfield.person_key.key is 'sealed; null: erased';
