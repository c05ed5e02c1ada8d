create table jackfield.outbox_past(
  connection_id uuid not null references jackfield.connection,
  table_id integer not null references jackfield.synced_table,
  operation text not null,
  state text not null check (state in ('done', 'cancelled')),
  count bigint not null,
  accepted_until timestamptz not null,
  primary key (connection_id, table_id, operation, state));
comment on table jackfield.outbox_past is 'writes that ended long ago and were removed, counted in the transaction that removed them: the ledger stays whole';
comment on column jackfield.outbox_past.accepted_until is 'when the latest of them was accepted';
