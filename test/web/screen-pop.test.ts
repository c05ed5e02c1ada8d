import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { enter, type Scene, stage } from './agent-scene.ts'
import { looksWell, startBrowser, visit } from './console.ts'

interface Site {
  origin: string
  /** Paths that were asked for. */
  asked: string[]
  answer(reply: ServerResponse): void
}

async function site(t: TestScope): Promise<Site> {
  const asked: string[] = []
  const server = createServer((request, reply) => {
    asked.push(request.url ?? '')
    reply.setHeader('content-type', 'text/html')
    made.answer(reply)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.closeAllConnections()
    server.close()
  })
  // Another name than the hub's, as a CRM is at another site.
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const made: Site = { origin, asked, answer: showRecord }
  return made
}

const showRecord = (reply: ServerResponse) =>
  void reply.end(
    '<!doctype html><html lang="en"><title>Record</title><h1>The record</h1><input aria-label="Typed here">',
  )

async function frameIt({ hub, connection }: Scene, screenPopDomain: string): Promise<void> {
  const post = async (path: string, json: unknown): Promise<string> => {
    const made = await hub.ask(`/api/v1/crm-configurations${path}`, { json })
    assert.equal(made.status, 201, made.text)
    return made.json.id
  }
  const id = await post('', { name: 'Service desk', connectionId: connection, screenPopDomain })
  const definition = { screenPop: { when: 'accepted', how: 'frame' } }
  await post(`/${id}/agent-workflows`, { name: 'All', definition })
}

test('The CRM’s page in a frame beside the cards', { timeout: 240_000 }, async (t) => {
  const scene = await stage(t)
  const { hub, tell, contacts } = scene
  const [caller, other] = contacts as [Scene['contacts'][0], Scene['contacts'][0]]
  const crm = await site(t)
  const elsewhere = await site(t)
  const visitor = await visit(await startBrowser(t), { width: 1600 })
  const { page, faults } = visitor
  await enter(visitor, hub, '/desktop')
  await page.getByText('The next caller appears here').waitFor()
  const frame = (name: string) => page.getByRole('complementary', { name: `${name} in the CRM` })
  const inFrame = (name: string) => page.frameLocator(`iframe[title="${name} in the CRM"]`)
  let first = ''
  const call = async (interaction: string, { number }: { number: string }) => {
    await tell(interaction, 'offered', { ani: number, channelType: 'voice' })
    return tell(interaction, 'accepted')
  }
  /** The page was opened before; now the policy of its own is asked for anew. */
  const policy = async () =>
    /frame-src ([^;]*)/.exec((await hub.ask('/desktop')).headers.get('content-security-policy')!)?.[1]

  await t.test('nothing may be framed before a configuration says so', async () => {
    assert.equal(await policy(), "'none'")
  })

  await t.test('a domain that is set after the page was loaded asks to load it again', async () => {
    await frameIt(scene, crm.origin)
    await until('the domain, and no other, is in the policy', async () => (await policy()) === crm.origin)
    first = await call('call-1', caller)
    await frame(caller.name).getByText('The address of the CRM was set after this page was loaded.').waitFor()
    assert.deepEqual(crm.asked, [])
    // A browser tells of it too.
    assert.ok(faults.splice(0).every((fault) => fault.includes('frame-src')))
    await frame(caller.name).getByRole('button', { name: 'Reload' }).click()
  })

  await t.test('it shows the record on the configured domain', async () => {
    await inFrame(caller.name).getByRole('heading', { name: 'The record' }).waitFor()
    const { records } = (await hub.ask(`/api/v1/interactions/${first}`)).json
    assert.equal(crm.origin + crm.asked[0], records[0].url)
    await looksWell(visitor, 'a framed record')
  })

  await t.test('once for each interaction: what was typed there is still there when one comes back', async () => {
    await inFrame(caller.name).getByLabel('Typed here').fill('half a sentence')
    await call('call-2', other)
    await page.getByRole('button', { name: new RegExp(other.name) }).click()
    await inFrame(other.name).getByRole('heading', { name: 'The record' }).waitFor()
    await page.getByRole('button', { name: new RegExp(caller.name) }).click()
    assert.equal(await inFrame(caller.name).getByLabel('Typed here').inputValue(), 'half a sentence')
    await tell('call-1', 'ended')
    await page.getByRole('button', { name: 'Finish wrap-up' }).waitFor()
    assert.equal(await inFrame(caller.name).getByLabel('Typed here').inputValue(), 'half a sentence')
    assert.equal(crm.asked.length, 2)
    assert.deepEqual(faults, [])
  })

  await t.test('a CRM that leads to another domain is not followed, and a link is offered', async () => {
    crm.answer = (reply) => void reply.writeHead(302, { location: `${elsewhere.origin}/sign-in` }).end()
    await page.reload()
    const aside = frame(caller.name)
    await aside.getByText(/leads to another address/).waitFor()
    assert.ok((await aside.getByRole('link', { name: 'Open in CRM' }).getAttribute('href'))?.startsWith(crm.origin))
    assert.equal(await aside.locator('iframe').count(), 0)
    assert.deepEqual(elsewhere.asked, [])
    assert.ok(faults.splice(0).every((fault) => fault.includes('frame-src')))
    await looksWell(visitor, 'a frame that was led elsewhere')
  })

  await t.test('a CRM that does not let itself be framed is said not to, with the link', async () => {
    crm.answer = (reply) => {
      reply.setHeader('x-frame-options', 'DENY')
      showRecord(reply)
    }
    await page.reload()
    const aside = frame(caller.name)
    await aside.getByText(/does not let itself be shown inside another/).waitFor()
    assert.ok((await aside.getByRole('link', { name: 'Open in CRM' }).getAttribute('href'))?.startsWith(crm.origin))
  })
})
