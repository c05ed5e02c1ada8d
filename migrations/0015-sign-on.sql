create table jackfield.identity_provider(
  id text primary key,
  name text not null,
  issuer text not null,
  tenant text,
  client_id text not null,
  secret bytea,
  scopes text[] not null,
  group_claim text,
  groups jsonb not null,
  reads_userinfo boolean not null,
  creates_accounts boolean not null,
  default_roles text[] not null,
  enabled boolean not null,
  version integer not null default 1,
  created_by text not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now());
comment on table jackfield.identity_provider is 'OpenID providers by which people sign in';
comment on column jackfield.identity_provider.id is 'chosen by whoever adds it; stands in the callback address';
comment on column jackfield.identity_provider.tenant is 'where the issuer is a template with {tenantid}: the one tenant that is let in';
comment on column jackfield.identity_provider.secret is 'sealed; absent: a public client, by PKCE alone';
comment on column jackfield.identity_provider.groups is 'list of {group, role}';
comment on column jackfield.identity_provider.default_roles is 'of accounts that a sign-in made, beside what their groups give';

create table jackfield.external_identity(
  id uuid primary key,
  provider_id text not null references jackfield.identity_provider on delete cascade,
  issuer text not null,
  subject text not null,
  person_id uuid not null references jackfield.person on delete cascade,
  origin text not null check (origin in ('made', 'invited', 'linked')),
  created_at timestamptz not null default now(),
  used_at timestamptz,
  unique (provider_id, issuer, subject));
create index external_identity_person on jackfield.external_identity(person_id);
comment on table jackfield.external_identity is 'who a person is at a provider';
comment on column jackfield.external_identity.origin is 'made: the account came from a sign-in; invited: from an invitation; linked: by its person, when signed in';

create table jackfield.pending_sign_on(
  state bytea primary key,
  provider_id text not null references jackfield.identity_provider on delete cascade,
  browser bytea not null,
  secrets bytea not null,
  redirect_uri text not null,
  return_path text not null,
  session_token bytea,
  linking_session uuid references jackfield.session on delete cascade,
  expires_at timestamptz not null);
create index pending_sign_on_end on jackfield.pending_sign_on(expires_at);
comment on table jackfield.pending_sign_on is 'sign-ins under way at a provider; each is used once';
comment on column jackfield.pending_sign_on.state is 'digest of what comes back in the address';
comment on column jackfield.pending_sign_on.browser is 'digest of what the browser''s cookie holds';
comment on column jackfield.pending_sign_on.secrets is 'sealed: nonce and PKCE verifier';
comment on column jackfield.pending_sign_on.session_token is 'digest of the session that the browser had: it ends when another begins';
comment on column jackfield.pending_sign_on.linking_session is 'the session whose person links an account; absent: somebody signs in';

create table jackfield.session_sign_on(
  session_id uuid primary key references jackfield.session on delete cascade,
  identity_id uuid not null references jackfield.external_identity on delete cascade,
  id_token bytea not null,
  provider_session text);
create index session_sign_on_identity on jackfield.session_sign_on(identity_id);
comment on table jackfield.session_sign_on is 'which sign-in at a provider a session came from, to end it there too';
comment on column jackfield.session_sign_on.id_token is 'sealed; shown to the provider when its session is to end';
comment on column jackfield.session_sign_on.provider_session is 'the provider''s name of its own session (sid)';

alter table jackfield.person_role add column provider_id text references jackfield.identity_provider on delete cascade;
comment on column jackfield.person_role.provider_id is 'given by the person''s groups there, and taken when these no longer give it; absent: given by people';
create index person_role_provider on jackfield.person_role(provider_id) where provider_id is not null;

alter table jackfield.invitation add column provider_id text references jackfield.identity_provider on delete cascade;
comment on column jackfield.invitation.provider_id is 'accepted by signing in there with this address, verified; absent: by its link';
