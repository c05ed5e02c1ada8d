import { words } from '../words.ts'

const { plural, count } = words('en')

/** The ways in: sign-in, second step, invitation, password rules, proof. */
export const signIn = {
  signIn: {
    title: 'Sign in',
    working: 'Signing in',
    email: 'E-mail address',
    password: 'Password',
    show: 'Show the password',
    hide: 'Hide the password',
    go: 'Sign in',
    or: 'or',
    passkey: 'Sign in with a passkey',
    missing: 'Enter this first.',
    help: 'No way in?',
    helpLost:
      'Password or device lost: ask an administrator to reset your account. You get a link that signs you in once.',
    helpFirst: 'First time here, or no administrator left: the hub prints a one-time link when it starts, and so does',
    over: 'That link has been used, or its time is over',
    overText: 'Sign in in another way, or ask whoever gave you the link for a new one.',
    pasteLabel: 'One-time link',
    paste: 'Opened in this browser, or pasted here, it signs you in once.',
    pasteGo: 'Sign in with the link',
    notShown: 'No passkey was shown',
    notShownText:
      'The browser’s window was closed, or this device has none for this hub. Try again, or use another way.',
    known: 'This device has a passkey of yours already',
    knownText: 'Use that one, or make one on another device.',
  },
  secondStep: {
    title: 'One more step',
    text: {
      totp: 'Enter the six digits that your authenticator app shows now.',
      recovery_code: 'Enter one of the recovery codes that you kept. Each works once.',
      passkey: 'Confirm with your finger, your face or your PIN.',
    },
    code: 'Code of the app',
    recoveryCode: 'Recovery code',
    go: 'Go on',
    usePasskey: 'Use the passkey',
    other: {
      totp: 'Use the authenticator app',
      recovery_code: 'Use a recovery code',
      passkey: 'Use a passkey',
    },
    anew: 'Begin anew',
  },
  invitation: {
    title: 'Invitation',
    welcome: (name: string) => `Welcome, ${name}`,
    text: (by: string, email: string) => `${by} invites you to this hub as ${email}.`,
    roles: (roles: string) => `Your part: ${roles}.`,
    name: 'Your name',
    go: 'Make the account',
    over: 'This invitation is over',
    overText: 'It was used, withdrawn, or is older than a week. Sign in, or ask whoever invited you for a new one.',
    none: 'The link is not whole',
    noneText: 'Open the whole link that you were given: what stands behind # belongs to it.',
    toSignIn: 'Go to sign-in',
  },
  password: {
    new: 'New password',
    length: (have: number, need: number) =>
      have === 0 ? `At least ${count(need)} characters` : `At least ${count(need)} characters: ${count(have)} so far`,
    tooLong: (most: number) => `At most ${count(most)} characters`,
    noName: 'Without your name, your address or “Jackfield”',
    notCommon: 'Not one that is tried first, and not the same over and over',
    tip: 'Several words are easy to remember. Capitals and signs are not needed.',
    met: 'fulfilled',
    open: 'not yet',
    judged: 'checked when you save',
  },
  proof: {
    title: 'Is it still you?',
    text: 'What you are about to do would outlast a stolen session. You are asked at most every ten minutes.',
    password: 'Your password',
    go: 'Confirm',
    passkey: 'Confirm with a passkey',
  },
  device: {
    on: (browser: string, system: string) => `${browser} on ${system}`,
    unknown: 'Unknown device',
    program: 'A program',
  },
  codes: (n: number) => plural(n, { zero: 'none left', one: '# left', other: '# left' }),
}
