import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmCall, CrmReply, CrmSession } from '#connectors/call.ts'
import type { Heard } from '#connectors/listener.ts'
import { listen } from './change-events.ts'

interface Asked {
  channel: string
}

/** A line on which each message is answered by `answer`; each call of another path by 200. */
function lineOf(answer: (asked: Asked) => object[]): CrmSession & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    url: 'https://contoso.my.salesforce.com',
    settings: {},
    async call(path: string, { body }: CrmCall): Promise<CrmReply> {
      if (!path.startsWith('/cometd/')) {
        asked.push(path)
        return reply([])
      }
      const [message] = JSON.parse(String(body)) as [Asked]
      asked.push(message.channel)
      return reply(answer(message))
    },
  }
}

function reply(body: object[]): CrmReply {
  const text = JSON.stringify(body)
  return { status: 200, headers: {}, body: Buffer.from(text), text }
}

const agreed = ({ channel }: Asked) => ({ channel, successful: true, clientId: 'c' })

function event(replayId: number, header: { entityName: string; recordIds: string[]; changeType: string }) {
  const ChangeEventHeader = { transactionKey: `t${replayId}`, sequenceNumber: 1, changeOrigin: '', ...header }
  return { channel: '/data/ChangeEvents', data: { event: { replayId }, payload: { ChangeEventHeader } } }
}

test('what names no record is missed of its object, and nothing is asked for by an id that none has', async () => {
  const stopping = new AbortController()
  const empty = '000000000000000AAA'
  const events = [
    event(1, { entityName: 'Account', recordIds: [empty], changeType: 'GAP_OVERFLOW' }),
    event(2, { entityName: 'Contact', recordIds: ['003000000000001AAA'], changeType: 'GAP_OVERFLOW' }),
    event(3, { entityName: 'Lead', recordIds: [], changeType: 'GAP_UPDATE' }),
    event(4, { entityName: 'Task', recordIds: ['00T*'], changeType: 'UPDATE' }),
    event(5, { entityName: 'Case', recordIds: [empty], changeType: 'GAP_DELETE' }),
    event(6, { entityName: 'User', recordIds: ['005000000000001AAA', '005000000000002AAA'], changeType: 'UPDATE' }),
  ]
  let polls = 0
  const session = lineOf((asked) =>
    asked.channel === '/meta/connect' && polls++ === 0 ? [...events, agreed(asked)] : [agreed(asked)],
  )
  const heard: Heard[] = []
  await listen(session, {
    tables: [],
    replay: null,
    signal: stopping.signal,
    onListening: async () => undefined,
    async onHeard(one) {
      heard.push(one)
      stopping.abort()
    },
  })
  assert.deepEqual(
    heard.flatMap(({ missed }) => missed.map(({ table, reason }) => [table, reason.split(' ')[0]])),
    [
      ['Account', 'GAP_OVERFLOW'],
      ['Contact', 'GAP_OVERFLOW'],
      ['Lead', 'GAP_UPDATE'],
      ['Task', 'UPDATE'],
      ['Task.Call', 'UPDATE'],
      ['Case', 'GAP_DELETE'],
    ],
  )
  assert.deepEqual(
    heard.flatMap(({ events }) => events.map(({ sourceId }) => sourceId)),
    ['005000000000001AAA', '005000000000002AAA'],
  )
  assert.equal(heard[0]!.replay, '6')
})

const refused = ({ channel }: Asked) => ({
  ...{ channel, successful: false, error: '401::Authentication invalid' },
  advice: { reconnect: 'none', interval: 0 },
})

/** Listens until `enough` messages were sent, or the line ends by itself. */
async function listenFor(session: ReturnType<typeof lineOf>, enough: number): Promise<void> {
  const stopping = new AbortController()
  const call = session.call.bind(session)
  session.call = (path, options) => {
    if (session.asked.length >= enough) stopping.abort()
    return call(path, options)
  }
  const nothing = async () => undefined
  const heard = { onListening: nothing, onHeard: nothing }
  await listen(session, { tables: [], replay: '1', signal: stopping.signal, ...heard })
}

test('a token that the stream alone refuses is renewed twice, and then the stream is given up', async () => {
  const [handshake, subscribe, connect] = ['/meta/handshake', '/meta/subscribe', '/meta/connect']
  const limits = '/services/data/v60.0/limits'
  const atDoor = lineOf((asked) => [refused(asked)])
  await assert.rejects(listenFor(atDoor, 9), { code: 'push.not_offered' })
  assert.deepEqual(atDoor.asked, [handshake, limits, handshake, limits, handshake])
  const later = lineOf((asked) => [asked.channel === connect ? refused(asked) : agreed(asked)])
  await assert.rejects(listenFor(later, 17), { code: 'push.not_offered' })
  const session = [handshake, subscribe, connect]
  assert.deepEqual(later.asked, [...session, limits, ...session, limits, ...session])
})

test('sessions that end at once are begun ever more seldom', async () => {
  const begun: number[] = []
  const session = lineOf((asked) => {
    if (asked.channel === '/meta/handshake') begun.push(performance.now())
    const advice = { reconnect: 'handshake' }
    return [asked.channel === '/meta/connect' ? { ...agreed(asked), advice } : agreed(asked)]
  })
  await listenFor(session, 7)
  assert.ok(begun[2]! - begun[1]! > 1_900, `begun after ${begun.map((at) => Math.round(at - begun[0]!)).join()} ms`)
})
