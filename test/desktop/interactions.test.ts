import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { test } from 'node:test'
import { until } from '../server/served-hub.ts'
import { deskScene, someCaller, tell, told } from './scene.ts'

test('A call is told, found, handled and closed', async (t) => {
  const { hub } = await deskScene(t)
  const caller = await someCaller(hub)
  const voice = { channelType: 'voice', ani: caller.phone, skillName: 'Support' }
  const agent = { id: 'a-1', name: 'Ana', email: 'nobody@example.org' }

  await t.test('the caller is found from the hub alone and linked', async () => {
    const [taken] = await tell(hub, told('call-1', 'offered', { agent, data: voice }))
    const card = await until('the caller is found', async () => {
      const { json } = await hub.ask(`/api/v1/interactions/${taken!.interaction}`)
      return json.matches.length > 0 && json
    })
    assert.equal(card.interaction.state, 'offered')
    assert.deepEqual(
      card.interaction.links.map((link: { recordId: string; name: string; by: string }) => [
        link.recordId,
        link.name,
        link.by,
      ]),
      [[caller.id, caller.name, 'search']],
    )
    assert.equal(card.records[0].id, caller.id)
    assert.match(card.matches[0].why[0], /matches exactly/)
    assert.equal(card.interaction.agents[0].name, 'Ana')
  })

  await t.test('a search from the card says by which field it found, in the reader’s language', async () => {
    const [taken] = await tell(hub, told('call-1', 'updated'))
    const path = `/api/v1/interactions/${taken!.interaction}/search`
    const { json } = await hub.ask(path, { json: { text: caller.phone } })
    const [reason] = json.matches[0].reasons
    assert.deepEqual(Object.keys(reason.labels).sort(), ['en', 'fr', 'nl'])
  })

  await t.test('events may come twice and backwards', async () => {
    const accepted = told('call-1', 'accepted', { agent })
    const ended = told('call-1', 'ended')
    const [first] = await tell(hub, ended)
    assert.equal(first!.outcome, 'kept')
    const taken = await tell(hub, accepted, ended)
    assert.deepEqual(
      taken.map(({ outcome }) => outcome),
      ['kept', 'replayed'],
    )
    const { json } = await hub.ask(`/api/v1/interactions/${first!.interaction}`)
    assert.equal(json.interaction.state, 'wrap_up')
    assert.ok(json.interaction.acceptedAt)
  })

  await t.test('what was taken off is not linked again by itself; by hand it is', async () => {
    const [taken] = await tell(hub, told('call-1', 'updated', { data: { status: 'x' } }))
    const path = `/api/v1/interactions/${taken!.interaction}/acts`
    const off = await hub.ask(path, { json: { act: 'unlink', record: caller.id } })
    assert.deepEqual([off.status, off.json.interaction.links], [200, []], off.text)
    await tell(
      hub,
      told('call-1', 'updated', { data: { ani: '0000' } }),
      told('call-1', 'updated', { data: { ani: caller.phone } }),
    )
    const after = await hub.ask(`/api/v1/interactions/${taken!.interaction}`)
    assert.deepEqual(after.json.interaction.links, [])
    const on = await hub.ask(path, { json: { act: 'link', record: caller.id } })
    assert.equal(on.json.interaction.links.length, 1)
    const wrong = await hub.ask(path, { json: { act: 'link', record: '00000000-0000-4000-8000-000000000000' } })
    assert.deepEqual([wrong.status, wrong.json.error.code], [404, 'record.not_found'])
  })

  await t.test('a note has a version, and two windows lose nothing', async () => {
    const [taken] = await tell(hub, told('call-1', 'updated', { data: { status: 'y' } }))
    const path = `/api/v1/interactions/${taken!.interaction}/note`
    const put = (json: unknown) => hub.ask(path, { method: 'PUT', json })
    const saved = await put({ notes: 'printer', version: 0 })
    assert.deepEqual([saved.json.notes, saved.json.version], ['printer', 1], saved.text)
    const again = await put({ notes: 'printer', version: 0 })
    assert.deepEqual([again.status, again.json.version], [200, 1])
    const stale = await put({ notes: 'other', version: 0 })
    assert.deepEqual([stale.status, stale.json.error.code], [409, 'settings.changed'])
    const more = await put({ disposition: 'Solved', tags: ['printer'], version: 1 })
    assert.deepEqual([more.json.notes, more.json.disposition, more.json.version], ['printer', 'Solved', 2])
  })

  await t.test('closing it is an event of its own', async () => {
    const [taken] = await tell(hub, told('call-1', 'updated', { data: { status: 'z' } }))
    const closed = await hub.ask(`/api/v1/interactions/${taken!.interaction}/acts`, { json: { act: 'close' } })
    assert.equal(closed.json.interaction.state, 'closed')
    const { json } = await hub.ask('/api/v1/interactions?state=closed')
    assert.deepEqual(
      json.interactions.map((one: { externalId: string }) => one.externalId),
      ['call-1'],
    )
  })
})

test('Who sends events, signs them or has a key for it', async (t) => {
  const { hub } = await deskScene(t, 5)
  const { json: source } = await hub.ask('/api/v1/interaction-sources', { json: { name: 'pbx' } })
  const send = (body: string, header: string | null, name = 'pbx') =>
    hub.ask(`/hooks/interactions/${name}`, {
      ...{ method: 'POST', key: null, body },
      headers: header === null ? {} : { 'x-jackfield-signature': header },
    })
  const sign = (body: string, at = Date.now() / 1000, secret = source.secret) => {
    const t = Math.floor(at)
    return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`
  }
  const body = JSON.stringify({ events: [told('call-9', 'offered', { data: { ani: 'anonymous' } })] })

  const good = await send(body, sign(body))
  assert.equal(good.status, 202, good.text)
  const again = await send(body, sign(body))
  assert.equal(again.json.taken[0].outcome, 'replayed')
  assert.equal((await send(body, null)).status, 401)
  assert.equal((await send(`${body} `, sign(body))).status, 401)
  assert.equal((await send(body, sign(body, Date.now() / 1000 - 600))).status, 401)
  assert.equal((await send(body, sign(body), 'another')).status, 401)
  const foreign = JSON.stringify({ events: [{ ...told('x', 'offered'), source: 'other' }] })
  assert.equal((await send(foreign, sign(foreign))).status, 400)
  const broken = '{"events":'
  assert.equal((await send(broken, sign(broken))).status, 400)
  for (const text of ['\u0000', '\ud83d']) {
    const odd = JSON.stringify({ events: [told('x', 'offered', { data: { transcript: text } })] })
    const { status, json } = await send(odd, sign(odd))
    assert.deepEqual([status, json.error.code], [400, 'input.invalid'])
  }
  const large = JSON.stringify({ events: [told('x', 'offered', { scriptVariables: { big: 'x'.repeat(1_100_000) } })] })
  assert.equal((await send(large, sign(large))).status, 413)

  const reader = await hub.newKey('read:records')
  const refused = await hub.ask('/api/v1/interaction-events', { key: reader, json: { events: [told('y', 'offered')] } })
  assert.equal(refused.status, 403)
  const withheld = await hub.ask(`/api/v1/interactions/${good.json.taken[0].interaction}`)
  assert.equal(withheld.json.interaction.address, null)
  assert.deepEqual(withheld.json.matches, [])
})

test('Bodies that come slowly are bounded too, and give their places back', async (t) => {
  const { hub } = await deskScene(t, 5)
  const { json: source } = await hub.ask('/api/v1/interaction-sources', { json: { name: 'pbx' } })
  const send = (id: string) => {
    const body = JSON.stringify({ events: [told(id, 'offered')] })
    const at = Math.floor(Date.now() / 1000)
    const signature = `t=${at},v1=${createHmac('sha256', source.secret).update(`${at}.${body}`).digest('hex')}`
    const headers = { 'x-jackfield-signature': signature }
    return hub.ask('/hooks/interactions/pbx', { method: 'POST', key: null, body, headers })
  }
  // None of ours is sent before every place is held by a slow one: ours would hold one when the last of them comes, and
  // leave it free.
  let refused = 0
  const slow = Array.from({ length: 80 }, () => {
    const socket = connect(Number(new URL(hub.url).port), '127.0.0.1')
    socket.write(
      'POST /hooks/interactions/pbx HTTP/1.1\r\nhost: hub\r\ncontent-length: 100\r\nx-jackfield-signature: t=1,v1=2\r\n\r\n{',
    )
    socket.once('data', () => {
      refused += 1
    })
    return socket.on('error', () => undefined)
  })
  t.after(async () => {
    for (const socket of slow) socket.destroy()
  })
  const shut = new Set<number>()
  for (const [at, socket] of slow.entries()) socket.once('close', () => shut.add(at))
  await until('all places are taken', () => refused + shut.size >= slow.length - 64)
  let count = 0
  const next = async () => {
    count += 1
    const { status, json } = await send(`slow-${count}`)
    if (status !== 202) assert.deepEqual([status, json.error.code], [503, 'server.busy'])
    return status
  }
  // Whoever finds all places taken is told so, until one of the slow has been so for some seconds.
  await until('who is slow makes room', async () => (await next()) === 202 && shut.size > 0)
  for (const socket of slow) socket.destroy()
  await until('a place is free again', async () => (await next()) === 202)
})
