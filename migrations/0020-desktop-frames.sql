-- A panel in a page of another site has a session of its own, which ends with the one that let it in.
alter table jackfield.session add column parent_id uuid references jackfield.session on delete cascade;
comment on column jackfield.session.parent_id is 'of a panel in another site''s page: the session that let it in, with which it ends';
create index session_parent on jackfield.session(parent_id) where parent_id is not null;

create table jackfield.frame_ticket(
  hash bytea primary key,
  session_id uuid not null references jackfield.session on delete cascade,
  expires_at timestamptz not null);
comment on table jackfield.frame_ticket is 'lets the panel in another site''s page in, once, as the person of this session';
