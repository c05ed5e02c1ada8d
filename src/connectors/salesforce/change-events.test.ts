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
