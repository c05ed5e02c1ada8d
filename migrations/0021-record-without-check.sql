-- Asked of each row that was stored, a tenth of what Postgres did for it. No row of synced_table is ever deleted, and
-- whoever stores records reads its row in the same transaction.
alter table jackfield.record drop constraint record_table_id_fkey;
