import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { startSalesforce } from '../../simulators/salesforce/server.ts'
import { rowsOf } from '../destination/two-organisations.ts'
import { type ServedHub, type Simulator, serveHub, until } from '../server/served-hub.ts'
import { axeFindings, buildConsole, firstCopies, startBrowser, visit } from './console.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API
type Json = any

test('CRM → hub → Dataverse, with nothing typed but addresses and secrets; then its mapping is changed', async (t) => {
  await buildConsole()
  const from = await startSalesforce({ records: 60, seed: 4 })
  const to = await startDynamics({ records: 6, seed: 2 })
  t.after(async () => {
    await from.close()
    await to.close()
  })
  for (const entity of ['account', 'contact']) await lack(to, entity)
  const before = (await rowsOf(to, 'contact')).size
  const hosts = [from, to].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const browser = await startBrowser(t)
  const { page, faults } = await visit(browser)
  const dialog = page.getByRole('dialog', { name: 'What this will do' })
  const bar = page.getByRole('region', { name: 'Changes that are not saved' })
  await page.goto(await hub.signInLink())
  await page.waitForURL(`${hub.url}/`)

  await t.test('both are connected by their addresses and secrets', async () => {
    await connectSalesforce(page, hub, from)
    await connectDynamics(page, hub, to)
  })

  await t.test('the organisation is named; what it lacks is told, and made with one press', async () => {
    await page.goto(`${hub.url}/destinations`)
    await page.getByRole('button', { name: 'Make it a destination' }).click()
    const needs = page.getByRole('region', { name: 'What it needs' })
    await needs.getByText('There is no column Source CRM', { exact: false }).first().waitFor()
    assert.deepEqual(await axeFindings(page), [])
    await needs.getByRole('button', { name: 'Make them' }).click()
    await needs.getByText('Everything is there.').waitFor()
  })

  await t.test('it is started, and seen to fill to 100 %', async () => {
    // Else what is compared first may be nothing yet, and is compared again in an hour.
    await firstCopies(hub)
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('Up to date').waitFor()
    await page.getByText('100 %').or(page.getByText('100%')).first().waitFor()
    assert.deepEqual(await axeFindings(page), [])
    const rows = [...(await rowsOf(to, 'contact')).values()].filter(
      ({ fields }) => fields.msdyn_source_crm === 'Salesforce',
    )
    const contacts = (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json.records
    const ofSalesforce = contacts.filter(({ source }: Json) => source.crm === 'salesforce')
    assert.equal(rows.length, ofSalesforce.length)
    assert.equal((await rowsOf(to, 'contact')).size, before + rows.length)
    for (const { source, sourceFields } of ofSalesforce) {
      const { fields } = rows.find((row) => row.fields.msdyn_source_crm_id === source.id) ?? {}
      assert.equal(fields?.lastname, sourceFields.LastName)
      assert.ok(String(fields?.msdyn_source_crm_url).startsWith(from.url))
    }
  })

  await t.test('what changes in Salesforce changes there, and what is deleted is taken out of use', async () => {
    const [changed, deleted] = (await hub.ask('/api/v1/records?entity=contact&limit=1000')).json.records.flatMap(
      ({ source }: Json) => (source.crm === 'salesforce' ? [source.id] : []),
    )
    const there = async (id: string) =>
      [...(await rowsOf(to, 'contact')).values()].find(({ fields }) => fields.msdyn_source_crm_id === id)!.fields
    for (const act of [
      { operation: 'change', id: changed, fields: { LastName: 'Newly Named' } },
      { operation: 'delete', id: deleted },
    ]) {
      const body = JSON.stringify({ entity: 'Contact', ...act })
      assert.equal((await fetch(`${from.control}/records`, { method: 'POST', body })).status, 200)
    }
    await until('the row is named anew', async () => (await there(changed)).lastname === 'Newly Named')
    await until('the row is out of use', async () => (await there(deleted)).statecode === 1)
  })

  await t.test(
    'a column is filled from another field, among those that fit, with a preview that comes true',
    async () => {
      await page
        .getByRole('region', { name: 'What is written where' })
        .getByRole('link', { name: 'Contacts from Salesforce' })
        .click()
      await page.getByRole('heading', { level: 1, name: 'Contacts from Salesforce' }).waitFor()
      await page.getByText('13 columns are filled').waitFor()
      await page.getByRole('button', { name: /^Birthday is filled from/ }).click()
      await page.getByText(/^Only columns that fit: date, date and time/).waitFor()
      assert.equal(await page.getByRole('option', { name: /LeadSource/ }).count(), 0)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Fill a column' }).click()
      const adding = page.getByRole('dialog', { name: 'Fill a column' })
      await adding.getByRole('button', { name: 'Column of the destination' }).click()
      await page.keyboard.type('jobtitle')
      await page.keyboard.press('Enter')
      await adding.getByRole('button', { name: 'Filled from' }).click()
      await page.keyboard.type('Title')
      await page.keyboard.press('Enter')
      await adding.getByRole('button', { name: 'Fill a column' }).click()
      await page.getByRole('button', { name: 'Fill Salutation no more' }).click()
      await bar.getByText('2 changes').waitFor()
      await bar.getByRole('button', { name: 'Preview and save' }).click()
      await dialog.getByText('Job Title').first().waitFor()
      assert.deepEqual(await axeFindings(page), [])
      const titled = [...(await rowsOf(from as never, 'Contact')).values()].filter(
        ({ fields, deleted }) => !deleted && fields.Title,
      )
      await dialog.getByText(`${titled.length} rows get another value.`).waitFor()
      await dialog.getByRole('button', { name: 'Save' }).click()
      await dialog.waitFor({ state: 'detached' })
      await until('the titles are there', async () => {
        const there = [...(await rowsOf(to, 'contact')).values()]
        return titled.every((row) =>
          there.some(
            ({ fields }) => fields.msdyn_source_crm_id === row.fields.Id && fields.jobtitle === row.fields.Title,
          ),
        )
      })
    },
  )

  await t.test('what somebody else saved meanwhile is shown; reset to defaults brings the defaults back', async () => {
    const [{ id }] = (await hub.ask('/api/v1/destinations')).json.destinations
    const path = `/api/v1/destinations/${id}/mapping/contact/salesforce`
    await page.getByRole('button', { name: 'Fill Department no more' }).click()
    const { lines, version } = (await hub.ask(path)).json
    const theirs = lines.filter(({ to: column }: Json) => column !== 'fax')
    assert.equal((await hub.ask(path, { method: 'PUT', json: { lines: theirs, version } })).status, 200)
    await bar.getByRole('button', { name: 'Preview and save' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog
      .getByText(/changed by somebody else/)
      .first()
      .waitFor()
    await dialog.getByRole('button', { name: 'Back to the editor' }).click()
    await page.getByRole('button', { name: 'Put mine on top' }).click()
    await bar.getByRole('button', { name: 'Preview and save' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    const columns = async (): Promise<string[]> =>
      (await hub.ask(path)).json.lines.map(({ to: column }: Json) => column)
    const after = await columns()
    assert.ok(!after.includes('fax') && !after.includes('department') && after.includes('jobtitle'), after.join())
    await page.getByRole('button', { name: 'Reset to defaults' }).click()
    await bar.getByRole('button', { name: 'Preview and save' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.deepEqual((await hub.ask(`/api/v1/destinations/${id}/mapping`)).json.changed, [])
  })

  await t.test('narrow, dark, and in two more languages it holds to every rule', async () => {
    const [{ id }] = (await hub.ask('/api/v1/destinations')).json.destinations
    const looks = [
      ['fr-FR', 'dark', 'Contacts de Salesforce'],
      ['nl-NL', 'light', 'Contactpersonen uit Salesforce'],
    ] as const
    for (const [locale, theme, heading] of looks) {
      const other = await visit(browser, { locale, theme, width: 320 })
      await other.page.goto(await hub.signInLink())
      await other.page.waitForURL(`${hub.url}/`)
      for (const at of ['/destinations', `/destinations/${id}/contact/salesforce`]) {
        await other.page.goto(`${hub.url}${at}`)
        await other.page.getByText(heading).first().waitFor()
        assert.deepEqual(await axeFindings(other.page), [])
        const over = await other.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        assert.ok(over <= 0, `${at} is ${over} px too wide in ${locale}`)
      }
      assert.deepEqual(other.faults, [])
      await other.context.close()
    }
  })
  assert.deepEqual(faults, [])
})

/** As an organisation is that never had the contact centre's connector solution. */
async function lack(to: Simulator, entity: string): Promise<void> {
  for (const column of ['msdyn_source_crm', 'msdyn_source_crm_id', 'msdyn_source_crm_url']) {
    const body = JSON.stringify({ entity, removeColumn: column })
    assert.equal((await fetch(`${to.control}/schema`, { method: 'POST', body })).status, 200)
  }
}

async function begin(page: Page, hub: ServedHub, crm: string, url: string): Promise<void> {
  await page.goto(`${hub.url}/connections/new`)
  await page.getByRole('button', { name: crm }).click()
  await page.getByLabel('Address of the organisation').fill(url)
  await page.getByRole('button', { name: 'Next' }).click()
}

async function connectSalesforce(
  page: Page,
  hub: ServedHub,
  { url, clientId, clientSecret }: Awaited<ReturnType<typeof startSalesforce>>,
): Promise<void> {
  await begin(page, hub, 'Salesforce', url)
  await page.getByRole('textbox', { name: 'Consumer key', exact: true }).fill(clientId)
  await page.getByRole('textbox', { name: 'Consumer secret', exact: true }).fill(clientSecret)
  await page.getByRole('button', { name: 'Check and connect' }).click()
  await page.getByRole('heading', { name: /: connected/ }).waitFor()
}

async function connectDynamics(page: Page, hub: ServedHub, to: Simulator): Promise<void> {
  await begin(page, hub, 'Dynamics 365', to.url)
  // The simulated directory is none of Microsoft's clouds, so its address has to be given by a person.
  await page.getByRole('button', { name: 'Enter tenant and authority by hand' }).click()
  await page.getByLabel(/client\) ID/).fill(to.clientId)
  await page.getByLabel('Client secret').fill(to.clientSecret)
  await page.getByLabel('Sign-in authority').fill(to.authority)
  await page.getByLabel('Tenant').fill(to.tenant)
  await page.getByRole('button', { name: 'Check and connect' }).click()
  await page.getByRole('heading', { name: /: connected/ }).waitFor()
}
