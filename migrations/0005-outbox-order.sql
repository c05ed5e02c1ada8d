-- The order in which writes were accepted. A timestamp is no order: the machine's clock may be set back.
alter table jackfield.outbox add column number bigint generated always as identity;

drop index jackfield.outbox_open;
drop index jackfield.outbox_record;
create index outbox_queue on jackfield.outbox(connection_id, number) where state in ('kept', 'sending', 'sent');
create index outbox_turn on jackfield.outbox(record_id, number) where state in ('kept', 'sending', 'sent');
create index outbox_record on jackfield.outbox(record_id, number);
create index outbox_state on jackfield.outbox(state, number) where state in ('failed', 'unknown');
create unique index outbox_number on jackfield.outbox(number);

comment on column jackfield.outbox.attempts is 'requests sent to the CRM';
comment on column jackfield.outbox.sent_at is 'when the last request went out';
comment on column jackfield.outbox.problem is 'why it waits, failed or is unknown: code, message, mend, the vendor''s text, since, times';
comment on column jackfield.outbox.result is 'what reading back showed: mark, differences; who settled it and how';
