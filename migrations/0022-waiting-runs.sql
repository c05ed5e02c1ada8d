create table jackfield.waiting_run(
  interaction_id uuid not null references jackfield.interaction on delete cascade,
  part_id uuid not null,
  run_key text not null,
  requested_by text not null,
  person_id uuid references jackfield.person on delete cascade,
  problem jsonb,
  look_at timestamptz not null default clock_timestamp(),
  primary key (interaction_id, part_id, run_key));
comment on table jackfield.waiting_run is 'workflows that point at a record which the CRM has yet to make: they run when it is made';
comment on column jackfield.waiting_run.part_id is 'the create or update workflow';
comment on column jackfield.waiting_run.person_id is 'by whose own account of the CRM it goes out; null: by the hub''s';
comment on column jackfield.waiting_run.problem is 'why it did not run after all; null: it waits';
create index waiting_run_look on jackfield.waiting_run(look_at) where problem is null;
create index memorial_record on jackfield.memorial(record_id);
