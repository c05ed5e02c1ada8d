-- An interaction that is over may go after a time. What stays tells that it was there: so the books stay equal, and what is
-- told of it later is written to the activity that it has.
create table jackfield.interaction_past(
  id uuid primary key,
  counted boolean not null,
  links jsonb not null,
  moments text[] not null,
  activity jsonb,
  removed_at timestamptz not null default clock_timestamp());
comment on table jackfield.interaction_past is 'interactions that are kept no longer: no value of them, and nobody';
comment on column jackfield.interaction_past.counted is 'the ledger counts it: something was to be written of it';
comment on column jackfield.interaction_past.links is 'the records that it was about, and those that somebody took off, by ids alone';
comment on column jackfield.interaction_past.moments is 'at which workflows ran by themselves: they do not run again';
comment on column jackfield.interaction_past.activity is 'its activity in the CRM, by ids alone; null: it has none';

-- Who it was must still be known when a person's data are erased, which comes after their account is removed.
alter table jackfield.interaction_agent drop constraint interaction_agent_person_id_fkey;
comment on column jackfield.interaction_agent.person_id is 'also of a person whose account was removed';
create index interaction_note_person on jackfield.interaction_note(person_id) where person_id is not null;
