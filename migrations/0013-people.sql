create table jackfield.person(
  id uuid primary key,
  name text not null,
  email text,
  email_key text unique,
  state text not null default 'active' check (state in ('active', 'suspended')),
  password text,
  password_alone boolean not null default false,
  password_at timestamptz,
  created_at timestamptz not null default now(),
  created_by text not null,
  signed_in_at timestamptz,
  check ((email is null) = (email_key is null)));
comment on table jackfield.person is 'an account of the hub';
comment on column jackfield.person.email_key is 'the address as it is compared: NFKC, in lower case';
comment on column jackfield.person.password is 'argon2id with its parameters and salt, in PHC form';
comment on column jackfield.person.password_alone is 'long enough to sign in without a second factor';

create table jackfield.person_role(
  person_id uuid not null references jackfield.person on delete cascade,
  role text not null,
  primary key (person_id, role));

create table jackfield.invitation(
  id uuid primary key,
  hash bytea not null unique,
  email text not null,
  email_key text not null,
  name text not null,
  roles text[] not null,
  invited_by text not null,
  inviter_id uuid,
  person_id uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz);
comment on column jackfield.invitation.person_id is 'whom accepting it makes';
comment on column jackfield.invitation.inviter_id is 'absent: a key, or the machine''s operator';
create unique index invitation_open_key on jackfield.invitation(email_key) where used_at is null and revoked_at is null;

-- Sessions until now had no person: whoever has one signs in again. An older process, for which any session may do
-- everything, finds no column `hash` and lets nobody in by a session.
drop table jackfield.session;
create table jackfield.session(
  id uuid primary key,
  person_id uuid not null references jackfield.person on delete cascade,
  token bytea not null unique,
  older_token bytea unique,
  older_until timestamptz,
  token_at timestamptz not null default now(),
  method text not null,
  proven_at timestamptz,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  idle_until timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  address text,
  agent text);
create index session_person on jackfield.session(person_id);
comment on column jackfield.session.token is 'digest of what the cookie holds';
comment on column jackfield.session.older_token is 'digest of the token before; good until older_until, and while the newer was never shown';
comment on column jackfield.session.proven_at is 'when its person last showed password, passkey or one-time link';
comment on column jackfield.session.address is 'only while the session lasts, as agent';

alter table jackfield.sign_in_link add column person_id uuid references jackfield.person on delete cascade;
comment on column jackfield.sign_in_link.person_id is 'absent: the first administrator';

create table jackfield.sign_in_ticket(
  hash bytea primary key,
  person_id uuid not null references jackfield.person on delete cascade,
  tries int not null default 0,
  expires_at timestamptz not null);
comment on table jackfield.sign_in_ticket is 'a right password that waits for the second factor';

create table jackfield.totp(
  person_id uuid primary key references jackfield.person on delete cascade,
  secret bytea not null,
  last_step bigint not null default 0,
  created_at timestamptz not null default now(),
  confirmed_at timestamptz);
comment on column jackfield.totp.last_step is 'the newest step of 30 s whose code was used; it and earlier ones are refused';

create table jackfield.recovery_code(
  person_id uuid not null references jackfield.person on delete cascade,
  hash bytea not null,
  used_at timestamptz,
  primary key (person_id, hash));

create table jackfield.passkey(
  id uuid primary key,
  person_id uuid not null references jackfield.person on delete cascade,
  credential text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  site text not null,
  synced boolean not null,
  name text not null,
  created_at timestamptz not null default now(),
  used_at timestamptz);
create index passkey_person on jackfield.passkey(person_id);
comment on column jackfield.passkey.site is 'the host name that it was made for (relying party id)';

create table jackfield.passkey_challenge(
  hash bytea primary key,
  purpose text not null,
  person_id uuid references jackfield.person on delete cascade,
  site text not null,
  origin text not null,
  expires_at timestamptz not null);
create index passkey_challenge_end on jackfield.passkey_challenge(expires_at);

create table jackfield.known_device(
  hash bytea not null,
  person_id uuid not null references jackfield.person on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (hash, person_id));
create index known_device_person on jackfield.known_device(person_id);
comment on table jackfield.known_device is 'browsers in which a person has signed in: each has a count of failures of its own';

create table jackfield.sign_in_count(
  lane bytea primary key,
  count int not null,
  ends_at timestamptz not null);
create index sign_in_count_end on jackfield.sign_in_count(ends_at);
comment on column jackfield.sign_in_count.lane is 'digest of whose attempts are counted together';
