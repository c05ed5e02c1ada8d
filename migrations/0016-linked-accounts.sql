alter table jackfield.authentication add column refresh bytea;
alter table jackfield.authentication add column person_id uuid references jackfield.person on delete cascade;
alter table jackfield.authentication add column connection_id uuid references jackfield.connection on delete cascade;
alter table jackfield.authentication add column crm_user text;
alter table jackfield.authentication add constraint authentication_of_person
  check ((person_id is null) = (connection_id is null));
create unique index authentication_person on jackfield.authentication(connection_id, person_id)
  where person_id is not null;
comment on column jackfield.authentication.refresh is 'sealed; renews the token where somebody signed in to the CRM in a window';
comment on column jackfield.authentication.person_id is 'whose own account of the CRM it is; absent: the service''s';
comment on column jackfield.authentication.connection_id is 'of a person''s own account: the connection; its app has settings and secret';
comment on column jackfield.authentication.crm_user is 'of a person''s own account: who they are there, by the CRM''s own id';

alter table jackfield.connection add column people_authentication_id uuid references jackfield.authentication;
comment on column jackfield.connection.people_authentication_id is 'the app by which people sign in to the CRM; absent: the connection''s own';

alter table jackfield.outbox add column person_id uuid;
comment on column jackfield.outbox.person_id is 'written by this person''s own account of the CRM; absent: by the service''s';

create table jackfield.pending_consent(
  state bytea primary key,
  host text not null,
  browser bytea not null,
  secrets bytea not null,
  redirect_uri text not null,
  return_path text not null,
  session_id uuid not null references jackfield.session on delete cascade,
  crm text not null,
  url text not null,
  authentication_id uuid references jackfield.authentication on delete cascade,
  connection_id uuid references jackfield.connection on delete cascade,
  expires_at timestamptz not null,
  check ((authentication_id is null) <> (connection_id is null)));
create index pending_consent_end on jackfield.pending_consent(expires_at);
comment on table jackfield.pending_consent is 'windows of CRMs that people were sent to; each is used once';
comment on column jackfield.pending_consent.state is 'digest of what comes back in the address';
comment on column jackfield.pending_consent.host is 'of the window: what another sign-in service sends back is not taken for its answer';
comment on column jackfield.pending_consent.browser is 'digest of what the browser''s cookie holds';
comment on column jackfield.pending_consent.secrets is 'sealed: PKCE verifier';
comment on column jackfield.pending_consent.authentication_id is 'that the service is to sign in by';
comment on column jackfield.pending_consent.connection_id is 'to which the session''s person links their own account';
