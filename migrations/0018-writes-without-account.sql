create index outbox_without_account on jackfield.outbox(connection_id, person_id)
  where state = 'failed' and problem->>'code' = 'linked_account.needed';
