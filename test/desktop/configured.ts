import type { Permission } from '#model/permission.ts'
import {
  connectBody,
  type Reply,
  type ServedHub,
  type Simulator,
  serveHub,
  startSimulator,
} from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { askControl } from '../support/simulator-control.ts'

/** A served hub with a connected organisation and one CRM configuration of it. */
export interface Configured {
  hub: ServedHub
  simulator: Simulator
  connection: string
  id: string
  /** Below the configuration's own address. */
  ask(path: string, init?: Parameters<ServedHub['ask']>[1]): Promise<Reply>
  /** Makes a part, and answers how that went. */
  add(kind: string, definition: unknown, over?: { name?: string; key?: string }): Promise<Reply>
  /** A key for somebody who edits, with more. */
  editor(...more: Permission[]): Promise<string>
  control(path: string, body: unknown): Promise<unknown>
}

export async function configured(t: TestScope, environment: Record<string, string> = {}): Promise<Configured> {
  const simulator = await startSimulator(t, 5)
  const hub = await serveHub(t, { simulator, environment })
  const connected = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  const connection = connected.json.id as string
  const made = await hub.ask('/api/v1/crm-configurations', { json: { name: 'Service desk', connectionId: connection } })
  if (made.status !== 201) throw new Error(made.text)
  const ask: Configured['ask'] = (path, init) => hub.ask(`/api/v1/crm-configurations/${made.json.id}${path}`, init)
  let count = 0
  return {
    ...{ hub, simulator, connection, ask },
    id: made.json.id,
    add: (kind, definition, { name, key } = {}) => {
      count += 1
      const json = { kind, name: name ?? `Part ${count}`, definition }
      return ask('/parts', { json, ...(key === undefined ? {} : { key }) })
    },
    editor: (...more) => hub.newKey('edit:integrations', ...more),
    control: (path, body) => askControl(simulator.control, path, body),
  }
}

/** A mapping with these rows for one entity. */
export const mapping = (
  entity: string,
  rows: [field: string, from: string, data: string][],
  over: { channel?: string; target?: string } = {},
) => ({
  channel: over.channel ?? 'voice',
  entities: [
    {
      ...{ entity, target: over.target ?? 'linked' },
      rows: rows.map(([field, from, data]) => ({ field, from, data })),
    },
  ],
})
