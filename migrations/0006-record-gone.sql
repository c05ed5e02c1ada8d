create index record_gone on jackfield.record(table_id) where deleted_at is not null or out_of_scope_at is not null;
comment on index jackfield.record_gone is 'tombstones and what left the filter: few beside the rest, so that counting need not read every row';
