import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ApiKeyList, NewApiKey } from '../server/contract/keys.ts'
import type { PersonList } from '../server/contract/people.ts'
import type { Api } from './api.ts'
import { startSimulator } from './simulator.ts'

const keyName = 'Contact centre of the demo'
const source = 'demo'
const agentId = 'agent-1'
/** A minute; each takes some minutes, and an agent has few at once. */
const rate = '2'
const open = '2'
const lookEveryMs = 1_000

/** Whoever signs in to a new hub becomes its first administrator; nobody's phone rings before. */
async function firstPerson(api: Api, stopped: Promise<unknown>): Promise<string | null> {
  let isStopped = false
  void stopped.then(() => {
    isStopped = true
  })
  while (!isStopped) {
    const { people } = await api.get<PersonList>('/people')
    const [first] = people
      .filter(({ state, roles }) => state === 'active' && roles.includes('administrator'))
      .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))
    if (first) return first.id
    await Promise.race([stopped, wait(lookEveryMs)])
  }
  return null
}

/** A key of its own, each start a new one: what an earlier start left lying about is worth nothing. */
async function newKey(api: Api, folder: string): Promise<string> {
  const { keys } = await api.get<ApiKeyList>('/keys')
  for (const { id, name, revokedAt } of keys)
    if (name === keyName && revokedAt === null) await api.delete(`/keys/${id}`)
  const scopes = ['send:interactions', 'read:records']
  const { key } = await api.post<NewApiKey>('/keys', { name: keyName, scopes })
  const file = join(folder, 'calls.key')
  writeFileSync(file, key, { mode: 0o600 })
  return file
}

interface Centre {
  api: Api
  url: string
  folder: string
  stopped: Promise<unknown>
}

/** A contact centre beside the hub: the first administrator's phone rings at once, then now and then. */
export async function startCalls({ api, url, folder, stopped }: Centre): Promise<{ stop(): Promise<void> } | null> {
  const personId = await firstPerson(api, stopped)
  if (personId === null) return null
  await api.put('/agent-identities', { source, agentId, personId })
  const keyFile = await newKey(api, folder)
  const reached = ['--hub', url, '--key-file', keyFile, '--source', source, '--agents', agentId]
  return startSimulator('calls', [...reached, '--rate', rate, '--open', open])
}
