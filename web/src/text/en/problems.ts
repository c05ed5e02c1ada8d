import { accessProblems } from './access-problems.ts'

/** What each code of docs/errors.md means to a person: what happened, and what to do. */
export const problems: Record<string, { what: string; mend: string }> = {
  ...accessProblems,
  'configuration.invalid': { what: 'A setting of the hub does not fit', mend: 'Correct it where the hub is started.' },
  'connection.exists': { what: 'This organisation is connected already', mend: 'Open its connection instead.' },
  'connection.not_found': {
    what: 'There is no such connection',
    mend: 'It may have been removed. See the list of connections.',
  },
  'connection.not_ready': { what: 'The connection is not active', mend: 'Resume or mend it first.' },
  'connection.not_the_crm': {
    what: 'No such CRM answers at this address',
    mend: 'Copy the address from the browser while the CRM is open.',
  },
  'crm.blocked_address': {
    what: 'This address may not be called',
    mend: 'It is private; whoever runs the hub can allow it by name.',
  },
  'crm.body_invalid': {
    what: 'The CRM’s answer made no sense',
    mend: 'The hub tries again; if it stays, look at the CRM’s own status page.',
  },
  'crm.body_too_large': { what: 'The CRM’s answer was too large', mend: 'Copy fewer columns of this table.' },
  'crm.conflict': {
    what: 'The record was changed in the CRM meanwhile',
    mend: 'Look at it again, then repeat the act.',
  },
  'crm.delta_expired': {
    what: 'The CRM’s list of changes has expired',
    mend: 'Nothing to do: every row is compared instead.',
  },
  'crm.dns': { what: 'The CRM’s name is not found', mend: 'Check the address and this network’s name service.' },
  'crm.foreign_link': {
    what: 'The CRM pointed to another host',
    mend: 'It was not followed. Tell whoever runs the CRM.',
  },
  'crm.no_user': {
    what: 'The app is no user of the organisation',
    mend: 'Add it as an application user in the Power Platform admin center.',
  },
  'crm.pages_unsound': {
    what: 'The pages of a list cannot be trusted',
    mend: 'The details name the page and the reason. For an API with a definition, correct its paging there.',
  },
  'crm.privilege_missing': {
    what: 'A right is missing in the CRM',
    mend: 'Give the application user a role with the right that is named.',
  },
  'crm.record_locked': { what: 'Someone else’s change holds the record', mend: 'Nothing to do: the hub tries again.' },
  'crm.refused': { what: 'The CRM refused the request', mend: 'The details have the CRM’s own words.' },
  'crm.throttled': { what: 'The CRM asks to slow down', mend: 'Nothing to do: the hub waits as long as it was told.' },
  'crm.timeout': { what: 'The CRM did not answer in time', mend: 'The hub tries again by itself.' },
  'crm.tls': {
    what: 'The line to the CRM is not trusted',
    mend: 'Check the certificate, or give the hub your own authority’s.',
  },
  'crm.unreachable': {
    what: 'The CRM cannot be reached',
    mend: 'Check the network and the CRM’s status; the hub tries again.',
  },
  'database.binaries_missing': {
    what: 'The hub’s own Postgres is missing',
    mend: 'Install it anew, or give the address of one of your own.',
  },
  'database.durability_off': {
    what: 'The database does not keep what it confirms',
    mend: 'Switch its durability on; the hub refuses to run without.',
  },
  'database.folder_unusable': {
    what: 'The data folder cannot be used',
    mend: 'Check its rights and the space left on the disk.',
  },
  'database.in_use': { what: 'Another hub holds this data folder', mend: 'Stop that one, or choose another folder.' },
  'database.not_started': { what: 'The hub’s own Postgres does not start', mend: 'The details have its own words.' },
  'database.too_old': { what: 'The database is too old', mend: 'Use Postgres 15 or later.' },
  'database.unavailable': {
    what: 'The database does not answer',
    mend: 'The hub goes on by itself when it is back. Nothing accepted is lost.',
  },
  'destination.exists': { what: 'This organisation is a destination already', mend: 'Use that one.' },
  'destination.not_ready': { what: 'The destination still needs something', mend: 'See “What it needs” on its page.' },
  'destination.unable': { what: 'This CRM cannot be a destination', mend: 'Choose a connection to Dynamics 365.' },
  'destination.value_refused': {
    what: 'A value does not fit its column there',
    mend: 'Change the value in its CRM, or the mapping.',
  },
  'feed.cursor_gone': {
    what: 'Changes so old are no longer kept',
    mend: 'Read the records anew, then follow from now on.',
  },
  'field.unknown': { what: 'The CRM has no such field', mend: 'Take it out of the table’s columns or mapping.' },
  'filter.invalid': { what: 'The filter does not fit the table', mend: 'Correct the part that is named.' },
  'input.invalid': { what: 'An entry does not fit', mend: 'Correct the field that is named.' },
  'input.too_large': { what: 'That is too large', mend: 'Send less at once.' },
  internal: {
    what: 'The hub made a mistake',
    mend: 'Try again. If it stays, copy the details for whoever runs the hub.',
  },
  'job.lease_lost': { what: 'Another process took this work over', mend: 'Nothing to do.' },
  'mapping.invalid': { what: 'The mapping does not fit the table', mend: 'Correct the field that is named.' },
  'push.name_taken': {
    what: 'Something else in the CRM has a name that the push needs',
    mend: 'Rename or delete it there, then install again.',
  },
  'push.not_installed': {
    what: 'The CRM did not take the push',
    mend: 'Nothing of it stays there. See which part or test is named.',
  },
  'push.not_offered': {
    what: 'The CRM does not tell of changes in this way',
    mend: 'Allow it there, or use another way; the hub looks again by itself.',
  },
  'record.invalid': { what: 'The record breaks the model', mend: 'Correct it in the CRM, then read it again.' },
  'record.not_found': { what: 'There is no such record', mend: 'It may have been removed. Search for it.' },
  'resource.not_found': { what: 'That is no longer there', mend: 'Go back to the list.' },
  'secret.key_missing': { what: 'The master key is missing', mend: 'Give the hub the key that sealed its secrets.' },
  'secret.key_wrong': {
    what: 'The master key is not the one that sealed the secrets',
    mend: 'Give the hub the right key.',
  },
  'secret.unreadable': { what: 'A sealed secret cannot be read', mend: 'Paste the secret again.' },
  'server.busy': { what: 'The hub is busy', mend: 'Wait a moment and try again.' },
  'settings.changed': {
    what: 'The settings were changed by somebody else meanwhile',
    mend: 'Look at them again, then put your change on top.',
  },
  'sync.running': { what: 'A run of this table is under way already', mend: 'Wait for it, or cancel it first.' },
  'sync.settings_changed': {
    what: 'The table’s settings were changed meanwhile',
    mend: 'Nothing to do: the run begins again by the new ones.',
  },
  'sync.sweep_needs_person': {
    what: 'More records would be removed than usual',
    mend: 'Look whether they are really gone from the CRM, then decide.',
  },
  'write.conflict': { what: 'The record was changed in the CRM meanwhile', mend: 'Look at it again, then write anew.' },
  'write.refused': { what: 'The CRM refused the write', mend: 'Correct what it names, then send again.' },
  'write.unknown_outcome': {
    what: 'The answer to a write was lost',
    mend: 'Look in the CRM whether it is there, then decide.',
  },
}
