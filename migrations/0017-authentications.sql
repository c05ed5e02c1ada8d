alter table jackfield.authentication add column made_for jsonb;
comment on column jackfield.authentication.made_for is
  'CRM and origin that it was made for, where it was made by itself: its secret may go there though no connection uses it, and it outlives its connections; absent: made with a connection, and forgotten with the last one';
