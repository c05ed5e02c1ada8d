create unlogged table jackfield.quota_waiting(
  authentication_id uuid not null references jackfield.authentication on delete cascade,
  waiter uuid not null,
  lane text not null check (lane in ('ring', 'person', 'incremental', 'initial')),
  count integer not null,
  until_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (authentication_id, waiter, lane));
comment on table jackfield.quota_waiting is 'calls that wait for the quota, for whoever looks on: nothing is decided by it';
comment on column jackfield.quota_waiting.waiter is 'the process that they are of';
comment on column jackfield.quota_waiting.seen_at is 'a process says it again every two seconds while they wait';
