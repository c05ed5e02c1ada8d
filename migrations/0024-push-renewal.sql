-- Code in a CRM signs with the new secret from an instant that the hub hears of later, or never where its process ends in
-- between. So the secret is kept before the code is handed over, and both count until it is known how that ended.
alter table jackfield.connection
  add column webhook_secret_next bytea,
  add column webhook_next jsonb,
  add column webhook_secret_former bytea,
  add column webhook_former_until timestamptz;
comment on column jackfield.connection.webhook_secret_next is 'handed to the CRM in place of webhook_secret; whether it took it is not known yet';
comment on column jackfield.connection.webhook_next is 'what webhook is once the CRM has it';
comment on column jackfield.connection.webhook_secret_former is 'counts until then, for pushes that were under way';
