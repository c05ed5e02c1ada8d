import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TOTP } from 'otpauth'
import type { BrowserContext, Page } from 'playwright-core'
import { type ServedHub, serveHub } from '../server/served-hub.ts'
import { buildConsole, looksWell, startBrowser, type Visitor, visit } from './console.ts'

const long = 'seven green herons wade'

/** Browsers make passkeys for names alone. */
const named = (hub: ServedHub) => hub.url.replace('127.0.0.1', 'localhost')

/** A device that makes and shows passkeys without a finger, as browsers offer it to tests. */
async function withAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  // An authenticator without a person takes up what is offered in the address field before anybody has chosen it.
  await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false')
  const client = await context.newCDPSession(page)
  await client.send('WebAuthn.enable')
  await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor()
}

/** The first administrator, with an address and a password: the banner shows the way. */
async function setUpAdministrator(admin: Visitor, hub: ServedHub): Promise<void> {
  const { page } = admin
  const link = new URL(await hub.signInLink())
  await page.goto(`${named(hub)}/sign-in${link.hash}`)
  await page.getByText('You came in by a one-time link').waitFor()
  await page.getByRole('link', { name: 'Set up sign-in' }).click()
  await heading(page, 'Your account')
  await page.getByText('Give an e-mail address first').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Mina Peeters')
  await page.getByLabel('E-mail address').fill('mina@example.com')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Set a password' }).click()
  await page.getByLabel('New password').fill('mina mina mina mina')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByText('Without your name, your address or “Jackfield”: not yet').waitFor()
  await page.getByLabel('New password').fill(long)
  await page.getByText('At least 15 characters: 23 so far: fulfilled').waitFor()
  await looksWell(admin, 'choosing a password')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByText('Password alone. A second step').waitFor()
}

async function inviteSomebody(admin: Visitor): Promise<string> {
  const { page } = admin
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'People', exact: true }).first().click()
  await page.getByText('So far you are alone here').waitFor()
  await page.getByRole('button', { name: 'Invite someone' }).click()
  await page.getByLabel('E-mail address').fill('joris@example.com')
  await page.getByLabel('Name', { exact: true }).fill('Joris Maes')
  await page.getByLabel(/^Auditor/).check()
  await looksWell(admin, 'inviting')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText('It makes the account of Joris Maes').waitFor()
  const link = (await page.getByRole('alertdialog').locator('code').textContent()) ?? ''
  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('row', { name: /joris@example\.com/ }).waitFor()
  return link
}

async function signInByPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill('joris@example.com')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Joris Maes: account and sign-out' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await heading(page, 'Sign in')
}

/** Answers the secret of the app and the recovery codes. */
async function setUpApp(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.getByRole('button', { name: 'Set up: Authenticator app' }).click()
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor()
  const secret = ((await page.getByRole('dialog').locator('code').textContent()) ?? '').replaceAll(' ', '')
  await page.getByLabel('The six digits that it shows now').fill(new TOTP({ secret }).generate())
  await page.getByRole('button', { name: 'Switch on' }).click()
  await page.getByRole('heading', { name: 'Keep these recovery codes now' }).waitFor()
  const codes = await page.getByRole('alertdialog').getByRole('listitem').allTextContents()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  assert.equal((await saved).suggestedFilename(), 'jackfield-recovery-codes.txt')
  await page.getByRole('button', { name: 'I have kept them' }).click()
  return { secret, codes }
}

test('Invited, signed in with code and passkey, and out when the session is ended elsewhere', async (t) => {
  await buildConsole()
  const hub = await serveHub(t)
  const browser = await startBrowser(t)
  const admin = await visit(browser)
  await setUpAdministrator(admin, hub)
  const link = await inviteSomebody(admin)

  const joris = await visit(browser, { width: 320, theme: 'dark' })
  const { page } = joris
  await withAuthenticator(joris.context, page)
  await page.goto(link)
  await heading(page, 'Welcome, Joris Maes')
  assert.equal(new URL(page.url()).hash, '', 'the token is gone from the address bar')
  await looksWell(joris, 'an invitation')
  await page.getByLabel('New password').fill(`${long} away`)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.waitForURL(`${named(hub)}/`)
  await page.goto(`${named(hub)}/account`)
  await heading(page, 'Your account')
  const { secret, codes } = await setUpApp(page)
  assert.equal(codes.length, 10)
  await page.getByText('Password and a second step').waitFor()

  await page.getByRole('button', { name: 'Open the menu' }).click()
  await signOut(page)
  await looksWell(joris, 'sign-in')
  await signInByPassword(page, 'something else entirely')
  const refusal = await page.getByRole('alert').textContent()
  await page.getByLabel('E-mail address').fill('nobody@example.com')
  const answered = page.waitForResponse((response) => response.url().endsWith('/session/password'))
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await answered
  const words = (text: string | null) => text?.split('Details')[0]
  assert.equal(words(await page.getByRole('alert').textContent()), words(refusal), 'nobody learns who has an account')

  await page.goto(`${named(hub)}/account`)
  await page.waitForURL(/\/sign-in\?to=%2Faccount$/)
  await signInByPassword(page, `${long} away`)
  await heading(page, 'One more step')
  await looksWell(joris, 'the second step')
  // The step of the first code was used: the next one is taken early.
  await page.getByLabel('Code of the app').fill(new TOTP({ secret }).generate({ timestamp: Date.now() + 30_000 }))
  await page.getByRole('button', { name: 'Go on' }).click()
  await heading(page, 'Your account')

  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByLabel('Name', { exact: true }).last().fill('Blue key')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Rename: Blue key' }).waitFor()
  // Fluent leaves the sentinels of a dialog's focus behind, which axe takes for hidden content: looked at afresh.
  await page.reload()
  await page.getByText('Blue key').waitFor()
  await looksWell(joris, 'an account of its own')
  await page.getByRole('button', { name: 'Open the menu' }).click()
  await signOut(page)
  await page.goto(`${named(hub)}/sign-in?to=${encodeURIComponent('//example.com/account')}`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL(`${named(hub)}/`)
  await page.goto(`${named(hub)}/account`)
  await page.getByText('This one').waitFor()

  await admin.page.reload()
  await admin.page.getByRole('link', { name: /Joris Maes/ }).click()
  await heading(admin.page, 'Joris Maes')
  await admin.page
    .getByRole('cell', { name: /^by passkey/ })
    .first()
    .waitFor()
  await looksWell(admin, 'somebody else')
  await admin.page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await admin.page.getByText('Not signed in anywhere').waitFor()
  await page.reload()
  await heading(page, 'Sign in')

  const suspend = async () => {
    await admin.page.getByRole('button', { name: 'Suspend' }).click()
    await admin.page.getByText('Suspended: cannot sign in').waitFor()
  }
  // Looked at as soon as it is there: on a busy machine it may be gone before an answer comes.
  const lasts = admin.page.evaluate<string>(`new Promise((told) => {
    const look = () => {
      const timer = document.querySelector('.fui-ToastContainer:has([data-undo]) [data-timer-status]')
      if (timer) told(getComputedStyle(timer).animationDuration)
      else requestAnimationFrame(look)
    }
    look()
  })`)
  await suspend()
  assert.equal(await lasts, '10s', 'less motion asked for is not less time to undo')
  const undo = admin.page.getByRole('link', { name: 'Undo' }).or(admin.page.getByRole('button', { name: 'Undo' }))
  // It goes by itself after ten seconds: on a machine that is busy for so long it is looked for once more.
  while (
    !(await undo.click({ timeout: 20_000 }).then(
      () => true,
      () => false,
    ))
  ) {
    await admin.page.getByRole('button', { name: 'Activate' }).click()
    await suspend()
  }
  await admin.page.getByText('Can sign in', { exact: true }).waitFor()
  await suspend()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page
    .getByRole('alert')
    .getByText(/suspended/i)
    .first()
    .waitFor()
  await admin.page.getByRole('button', { name: 'Activate' }).click()
  await admin.page.getByText('Can sign in', { exact: true }).waitFor()
  assert.deepEqual([admin.faults, joris.faults], [[], []])
})
