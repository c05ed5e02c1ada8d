import type { Connection, ConnectionList } from '../server/contract/connections.ts'
import type { PushSecret } from '../server/contract/http-apis.ts'
import type { Api } from './api.ts'
import type { RunningSimulator } from './simulator.ts'

/** One kind of CRM that the demo can simulate. */
export interface DemoCrm {
  /** As `--crm` takes it, and as its simulator is called. */
  word: 'dynamics' | 'salesforce' | 'http'
  /** As connections tell it. */
  kind: string
  /** Short for lines of the terminal. */
  name: string
  title: string
  /** Where the simulated organisation is kept, below the demo's folder. */
  file: string
  /** What its simulator takes beside the usual. */
  options: readonly string[]
  /** Addresses of this machine that the hub may call. */
  addresses(simulator: RunningSimulator): string[]
  /** The body that connects it. */
  given(simulator: RunningSimulator): Record<string, unknown>
  /** What its administrator would enter there, so that it pushes; done at each start. */
  openPush?(api: Api, connection: Connection, to: { simulator: RunningSimulator; hub: string }): Promise<void>
}

/** As in life, a few records break the model. */
const broken = ['--broken', '3']

const dynamics: DemoCrm = {
  word: 'dynamics',
  kind: 'dynamics',
  name: 'Contoso',
  title: 'Dynamics 365',
  file: 'organisation.ndjson',
  options: broken,
  addresses: ({ url, facts }) => [url, facts.authority!],
  given: ({ facts: { authority, tenant, clientId, clientSecret } }) => ({
    authentication: { settings: { authority, tenant, clientId }, secret: clientSecret },
  }),
}

const salesforce: DemoCrm = {
  word: 'salesforce',
  kind: 'salesforce',
  name: 'Acme',
  title: 'Salesforce',
  file: 'salesforce.ndjson',
  // A day's quota that two changes a second do not use up.
  options: [...broken, '--limit', '1000000'],
  addresses: ({ url }) => [url],
  given: ({ facts: { clientId, clientSecret } }) => ({
    authentication: { settings: { clientId }, secret: clientSecret },
    settings: { keyFields: true },
  }),
}

const http: DemoCrm = {
  word: 'http',
  kind: 'generic-http',
  name: 'Initech',
  title: 'HTTP API',
  file: 'http.ndjson',
  options: [],
  addresses: ({ url }) => [url],
  given: ({ facts: { user, clientId, secret }, definition }) => ({
    authentication: { settings: { user, clientId }, secret },
    settings: { definition },
  }),
  async openPush(api, { id }, { simulator, hub }) {
    const { secret } = await api.post<PushSecret>(`/connections/${id}/push-secret`)
    const hook = { url: `${hub}/hooks/crm/${id}`, secret, addresses: 'each', proof: 'signature' }
    await simulator.tell('webhooks', { hooks: [hook] })
  },
}

export const demoCrms: readonly DemoCrm[] = [dynamics, salesforce, http]

/** A CRM of the demo with its simulator. */
export interface StagedCrm extends DemoCrm {
  simulator: RunningSimulator
}

/**
 * A second start finds its connections. One whose organisation had to move to another port is connected anew, and one that
 * was not asked for this time rests.
 */
export async function connectAll(
  api: Api,
  staged: readonly StagedCrm[],
  connect: (crm: StagedCrm, body: Record<string, unknown>) => Promise<Connection>,
): Promise<Connection[]> {
  const { connections } = await api.get<ConnectionList>('/connections')
  const made: Connection[] = []
  for (const crm of staged) {
    const { url } = crm.simulator
    const ofKind = connections.filter(({ crm: kind }) => kind === crm.kind)
    const known = ofKind.find((connection) => connection.url === url)
    for (const moved of ofKind.filter((connection) => connection !== known))
      await api.delete(`/connections/${moved.id}`)
    const body = { crm: crm.kind, url, name: `${crm.name} (simulated)`, ...crm.given(crm.simulator) }
    made.push(known ?? (await connect(crm, body)))
    if (known?.state === 'paused') await api.patch(`/connections/${known.id}`, { state: 'active' })
  }
  const kinds = new Set(staged.map(({ kind }) => kind))
  const others = connections.filter(({ crm, state }) => !kinds.has(crm) && state !== 'paused')
  for (const { id } of others) await api.patch(`/connections/${id}`, { state: 'paused' })
  return made
}
