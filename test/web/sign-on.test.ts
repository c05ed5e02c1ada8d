import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { serveHub } from '../server/served-hub.ts'
import { client, startProvider } from '../sign-on/provider.ts'
import { buildConsole, looksWell, startBrowser, visit } from './console.ts'

async function addProvider(page: Page, issuer: string): Promise<void> {
  const dialog = page.getByRole('alertdialog')
  await dialog.getByLabel('Short name').fill('own')
  await dialog.getByLabel('Name on the button').fill('Contoso')
  await dialog.getByLabel('Issuer', { exact: true }).fill(`${issuer}/wrong`)
  await dialog.getByRole('button', { name: 'Check the issuer' }).click()
  await dialog.getByText('answers with status 404').waitFor()
  await dialog.getByLabel('Issuer', { exact: true }).fill(issuer)
  await dialog.getByRole('button', { name: 'Check the issuer' }).click()
  await dialog.getByText('The provider is fit to sign in by.').waitFor()
  await dialog.getByLabel('Client ID').fill(client.id)
  await dialog.getByLabel('Client secret').fill(client.secret)
  await dialog.getByLabel('Scopes').fill('openid profile email groups')
  await dialog.getByLabel('Claim that tells the groups').fill('groups')
  await dialog.getByLabel('Roles by group').fill('desk = nobody')
  await dialog.getByLabel('Whoever has no account').check()
  await dialog.getByRole('button', { name: 'Add a provider' }).click()
  await dialog.getByText('Not of the form group = role: desk = nobody').waitFor()
  await dialog.getByLabel('Roles by group').fill('desk = Agent\nleads = supervisor')
  await dialog.getByRole('button', { name: 'Add a provider' }).click()
  await dialog.waitFor({ state: 'detached' })
}

test('People sign in by a provider', async (t) => {
  await buildConsole()
  const urls: string[] = []
  const provider = await startProvider(t, () => urls)
  const hub = await serveHub(t, { environment: { JACKFIELD_ALLOW_HOSTS: provider.host } })
  urls.push(hub.url)
  const browser = await startBrowser(t)

  await t.test('an administrator adds one, checked before it is kept', async () => {
    const admin = await visit(browser)
    const { page } = admin
    await page.goto(await hub.signInLink())
    await page.getByRole('link', { name: 'Settings' }).first().click()
    await page.getByText('None yet. People sign in by password').waitFor()
    await page.getByRole('button', { name: 'Add a provider' }).click()
    await page.getByText(`${hub.url}/sign-in`).waitFor()
    await looksWell(admin, 'adding a provider')
    await addProvider(page, provider.issuer)
    await page.getByText(`makes accounts · ${provider.issuer}`).waitFor()
    await admin.context.close()
  })

  await t.test('who is refused reads why, and who is let in comes to the page that was wanted', async () => {
    const somebody = await visit(browser)
    const { page } = somebody
    provider.person = { sub: 'ann', name: 'Ann Example' }
    await page.goto(`${hub.url}/records`)
    await page.getByRole('link', { name: 'Sign in with Contoso' }).waitFor()
    await looksWell(somebody, 'the sign-in page')
    await page.getByRole('link', { name: 'Sign in with Contoso' }).click()
    await page.getByText('The provider did not tell your groups').waitFor()
    await looksWell(somebody, 'the sign-in page, refused')
    provider.person = { ...provider.person, groups: ['desk'] }
    await page.getByRole('link', { name: 'Sign in with Contoso' }).click()
    await page.waitForURL(`${hub.url}/records`)
    await page.goto(`${hub.url}/account`)
    await page.getByRole('heading', { name: 'Linked accounts' }).waitFor()
    await page.getByText('Signed in by a provider', { exact: true }).waitFor()
    await page.getByRole('cell', { name: 'by a provider' }).waitFor()
    await looksWell(somebody, 'the account')
    await page.goto(`${hub.url}/settings`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL((url) => url.origin === provider.issuer)
    await page.goto(`${hub.url}/account`)
    await page.waitForURL((url) => url.pathname === '/sign-in')
    await somebody.context.close()
  })

  await t.test('who is invited for a provider has the account by signing in there', async () => {
    const admin = await visit(browser)
    const { page } = admin
    await page.goto(await hub.signInLink())
    await page.waitForURL((url) => url.pathname !== '/sign-in')
    await page.goto(`${hub.url}/people`)
    await page.getByRole('button', { name: 'Invite someone' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail address').fill('bea@example.org')
    await dialog.getByLabel('Name', { exact: true }).fill('Bea Example')
    await dialog.getByLabel('Signs in with').selectOption({ label: 'Contoso' })
    await looksWell(admin, 'inviting for a provider')
    await dialog.getByRole('button', { name: 'Invite someone' }).click()
    await page.getByText('Tell them where to sign in').waitFor()
    await page.getByText(`${hub.url}/sign-in`, { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('row', { name: /bea@example\.org.*Contoso/ }).waitFor()
    const [invited] = (await hub.ask('/api/v1/invitations')).json.invitations
    assert.equal(invited.provider, 'own')

    const somebody = await visit(browser)
    provider.person = { sub: 'bea', name: 'Bea', email: 'bea@example.org', email_verified: true, groups: ['desk'] }
    await somebody.page.goto(`${hub.url}/account`)
    await somebody.page.getByRole('link', { name: 'Sign in with Contoso' }).click()
    await somebody.page.waitForURL(`${hub.url}/account`)
    await somebody.page.getByRole('heading', { name: 'Linked accounts' }).waitFor()
    const { people } = (await hub.ask('/api/v1/people')).json
    assert.equal(people.find(({ email }: { email: string }) => email === 'bea@example.org').name, 'Bea Example')
    await somebody.context.close()
    await admin.context.close()
  })
})
