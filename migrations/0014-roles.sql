create table jackfield.role(
  id text primary key,
  name text not null,
  description text not null default '',
  permissions text[] not null,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now());
create unique index role_name on jackfield.role(lower(name));
comment on table jackfield.role is 'roles that people made; the built-in ones are in the code';

create table jackfield.role_right(
  role_id text not null references jackfield.role on delete cascade,
  entity text not null,
  reads text not null check (reads in ('none', 'own', 'all')),
  writes text not null check (writes in ('none', 'own', 'all')),
  primary key (role_id, entity));
comment on column jackfield.role_right.entity is 'an entity, or * for all that the role does not name';

create table jackfield.role_mask(
  role_id text not null,
  entity text not null,
  field text not null,
  primary key (role_id, entity, field),
  foreign key (role_id, entity) references jackfield.role_right on delete cascade);
comment on column jackfield.role_mask.field is 'of the model, or the CRM''s own';

create index person_role_role on jackfield.person_role(role);

create table jackfield.team(
  id uuid primary key,
  name text not null,
  description text not null default '',
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now());
create unique index team_name on jackfield.team(lower(name));

create table jackfield.team_member(
  team_id uuid not null references jackfield.team on delete cascade,
  person_id uuid not null references jackfield.person on delete cascade,
  primary key (team_id, person_id));
create index team_member_person on jackfield.team_member(person_id);

create table jackfield.team_owner(
  team_id uuid not null references jackfield.team on delete cascade,
  record_id uuid not null,
  primary key (team_id, record_id));
comment on table jackfield.team_owner is 'users and teams of CRMs: what these own is the members'' own';

create table jackfield.person_owner(
  person_id uuid not null references jackfield.person on delete cascade,
  record_id uuid not null,
  primary key (person_id, record_id));
comment on table jackfield.person_owner is 'the CRMs'' users that the person is: what these own is their own';

alter table jackfield.api_key add column role text, add column owners uuid[] not null default '{}';
comment on column jackfield.api_key.role is 'whose sight the key has; absent: it sees all that its scopes let it';
create index api_key_role on jackfield.api_key(role) where revoked_at is null;
