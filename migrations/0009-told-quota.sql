alter table jackfield.quota
  add column told_used bigint,
  add column told_limit bigint,
  add column told_at timestamptz;
comment on column jackfield.quota.told_used is 'calls of the window so far, as the CRM''s last reply said, and those let through since';
comment on column jackfield.quota.told_limit is 'calls that the CRM allows in its window; null where its replies do not tell';
comment on column jackfield.quota.told_at is 'when a reply last said so; a quota that is used up is looked at again by one call a while after';
