/** The codes of who may come in, and as whom. */
export const accessProblems: Record<string, { what: string; mend: string }> = {
  'auth.denied': {
    what: 'That is not allowed for you',
    mend: 'Ask an administrator for a role, or use a key, with this right.',
  },
  'auth.proof_needed': { what: 'Show once more that it is you', mend: 'Confirm with your password or a passkey.' },
  'auth.rejected': {
    what: 'That does not fit',
    mend: 'Check what you entered. If something is lost, use a recovery code, or ask an administrator for a link.',
  },
  'auth.required': { what: 'You are not signed in', mend: 'Sign in.' },
  'auth.suspended': { what: 'This account is suspended', mend: 'Ask an administrator to activate it.' },
  'auth.throttled': { what: 'Too many attempts', mend: 'Wait, or use a passkey or a one-time link.' },
  'authentication.app_blocked': {
    what: 'The CRM takes no token of this app',
    mend: 'Let the app use the API, and run as an integration user of its own; then check the connection.',
  },
  'authentication.client_unknown': {
    what: 'The tenant does not know this app',
    mend: 'Compare the application (client) ID with the app registration.',
  },
  'authentication.consent_missing': {
    what: 'Consent for the app is missing',
    mend: 'Let an administrator grant consent in the app registration.',
  },
  'authentication.consent_over': {
    what: 'The CRM no longer takes the sign-in',
    mend: 'Sign in again in the window of the CRM.',
  },
  'authentication.in_use': {
    what: 'Connections sign in by this authentication',
    mend: 'Remove these connections first, or keep it.',
  },
  'authentication.rejected': {
    what: 'The sign-in at the CRM was refused',
    mend: 'Check the app registration, then check the connection again.',
  },
  'authentication.secret_expired': {
    what: 'The client secret has expired',
    mend: 'Make a new secret in the app registration and paste its value.',
  },
  'authentication.secret_wrong': { what: 'The client secret is wrong', mend: 'Paste the secret’s value, not its ID.' },
  'authentication.tenant_unknown': {
    what: 'There is no such tenant',
    mend: 'Correct the tenant; the organisation’s own answer names it.',
  },
  'consent.over': {
    what: 'That window is over',
    mend: 'It was used already, took longer than ten minutes, or was begun in another browser. Begin anew.',
  },
  'consent.refused': {
    what: 'The CRM was not told yes',
    mend: 'Begin anew, and accept in its window. If you did, compare the app’s registration in the CRM.',
  },
  'consent.unfit': {
    what: 'Nobody can sign in in a window for that',
    mend: 'Let people write as themselves, or let the app ask for lasting access; the audit log says what is missing.',
  },
  'factor.code_wrong': {
    what: 'The code is not right',
    mend: 'Enter the six digits that the app shows now, and check the phone’s clock.',
  },
  'factor.exists': { what: 'You have this already', mend: 'Remove one first.' },
  'factor.needed': {
    what: 'Your password is too short to stand alone',
    mend: 'Choose one of 15 characters or more, or add another second step first.',
  },
  'factor.not_begun': { what: 'No app is being set up any more', mend: 'Begin anew, and scan the new picture.' },
  'invitation.over': { what: 'This invitation is over', mend: 'Sign in, or ask whoever invited you for a new one.' },
  'linked_account.needed': {
    what: 'Your own account of the CRM is needed',
    mend: 'Link it; what failed for want of it is then tried again by itself.',
  },
  'linked_account.unusable': {
    what: 'Your own account of the CRM cannot be used now',
    mend: 'Nothing for you to do: whoever runs integrations mends the app, and what waits is written then.',
  },
  'passkey.refused': {
    what: 'The passkey was not taken',
    mend: 'Open the hub by its name, not by a number, and try again.',
  },
  'password.refused': {
    what: 'This password is too easy to guess',
    mend: 'Choose another: long, without names, and none that many people have.',
  },
  'people.exists': { what: 'Somebody has this address already', mend: 'Change that account, or give another address.' },
  'people.last_administrator': {
    what: 'Nobody else administers this hub',
    mend: 'Make somebody else an administrator first.',
  },
  'sign_on.account_exists': {
    what: 'An account of this hub has your e-mail address already',
    mend: 'Sign in to it as you did until now, and link the provider on the page of your account.',
  },
  'sign_on.groups_missing': {
    what: 'The provider did not tell your groups',
    mend: 'Tell an administrator: groups give the roles here, and the provider has to send them.',
  },
  'sign_on.identity_taken': {
    what: 'This account is linked already',
    mend: 'Sign in by it, or unlink it first.',
  },
  'sign_on.name_taken': {
    what: 'There is a provider of this short name',
    mend: 'Choose another short name.',
  },
  'sign_on.no_account': {
    what: 'You have no account in this hub',
    mend: 'Ask an administrator to invite you.',
  },
  'sign_on.no_role': {
    what: 'You have no role in this hub',
    mend: 'Ask an administrator for a role, or to be put into a group that has one.',
  },
  'sign_on.over': {
    what: 'That sign-in is over',
    mend: 'It was used already, took too long, or was begun in another browser. Begin anew.',
  },
  'sign_on.refused': {
    what: 'The provider did not sign you in',
    mend: 'Begin anew, or ask whoever gives out accounts there.',
  },
  'sign_on.rejected': {
    what: 'The provider’s answer is not believed',
    mend: 'Begin anew. If it stays, tell an administrator: the audit log says why.',
  },
  'sign_on.unfit': {
    what: 'The provider is not set up rightly',
    mend: 'Tell an administrator; the provider can be checked in the settings.',
  },
  'sign_on.unreachable': {
    what: 'The provider cannot be reached',
    mend: 'Try again in a moment, or sign in in another way.',
  },
}
