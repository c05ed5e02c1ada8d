import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmSession } from '#connectors/call.ts'
import type { Connector, ScopedWrite, WriteOutcome } from '#connectors/connector.ts'
import { createChannel, sendWindowMs } from './channel.ts'
import { createMuster } from './muster.ts'

const written: WriteOutcome = { outcome: 'written', mark: null }
const asked = (sourceId: string) =>
  ({ scope: {}, write: { sourceId, operation: 'update', fields: {} } }) as unknown as ScopedWrite

test('of several accounts that write together, a slow one makes no other’s write late', async () => {
  let now = 0
  const sent: { session: CrmSession; at: number }[] = []
  const slowly = async (session: CrmSession) => {
    sent.push({ session, at: now })
    await new Promise(setImmediate)
    now += sendWindowMs * 10
    return written
  }
  const connector = {
    manifest: { idsPerRead: 1 },
    write: (session: CrmSession) => slowly(session),
    writeTogether: {
      atMost: 25,
      write: async (session: CrmSession, writes: unknown[]) => {
        await slowly(session)
        return writes.map(() => ({ status: 'fulfilled', value: written }))
      },
    },
  } as unknown as Connector
  const lease = { name: 'x', epoch: 1n, signal: new AbortController().signal }
  const muster = createMuster({ underWay: () => 4, waitMs: 1_000 })
  const channel = createChannel({ connector, muster, lease, clock: { monotonic: () => now }, parallel: 6 })
  const [hub, ann] = [{ url: 'hub' }, { url: 'ann' }] as unknown as [CrmSession, CrmSession]
  const answers = await Promise.all([
    channel.write(hub, asked('1'), null),
    channel.write(ann, asked('2'), 'ann'),
    channel.write(hub, asked('3'), null),
    channel.write(ann, asked('4'), 'ann'),
  ])
  assert.deepEqual(answers, [written, written, written, written])
  assert.deepEqual(
    sent,
    [
      { session: hub, at: 0 },
      { session: ann, at: 0 },
    ],
    'each account’s by its own session, and none after the moment in which it was sure to be due',
  )
})
