import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { makeChurn, setChurn } from '../exchange/churn.ts'
import { makeFaults } from '../exchange/faults.ts'
import { closeServer } from '../exchange/http.ts'
import { keptHead } from '../exchange/journal.ts'
import { forgetPages, makePrepared } from '../exchange/prepared.ts'
import { makeLog } from '../exchange/request-log.ts'
import { answerOn, openServer } from '../exchange/server.ts'
import { hashText } from '../organisation/random.ts'
import { makeWebServerFlow } from './authorize.ts'
import { addBroken } from './broken.ts'
import { capture } from './change-events.ts'
import { churnOf } from './churn.ts'
import { control } from './control.ts'
import { makeDeployments } from './deployment.ts'
import { exchange } from './exchange.ts'
import { makeJobs } from './job.ts'
import { type Head, keepJournal, replay } from './journal.ts'
import { type Limits, makeLimits } from './limits.ts'
import { makeOrganisation } from './make-organisation.ts'
import { makeKeys } from './oauth.ts'
import type { Organisation, Settings } from './organisation.ts'
import { makeOutgoing, setOff } from './outgoing.ts'
import { FAULT_RULES, type Simulator } from './simulator.ts'
import { dropClients, makeStreaming } from './streaming.ts'

export type SalesforceOptions = {
  /** 0 or absent: any free port, or the one that `dataFile` remembers where that is free. */
  port?: number | undefined
  /** Accounts and contacts together, one to five. */
  records?: number | undefined
  /** Rows of each of leads, opportunities, cases, tasks and events; a twentieth of the records, 200 at most. */
  others?: number | undefined
  seed?: number | undefined
  limits?: Partial<Limits> | undefined
  /** Random changes a second. */
  churn?: number | undefined
  /** Contacts that break the model. */
  broken?: number | undefined
  /** Keeps the organisation: a later start with the same file takes it up again. */
  dataFile?: string | undefined
  settings?: Partial<Settings> | undefined
  /** Pages of queries are kept as bytes after their first answer: for measurements. */
  prepared?: boolean | undefined
}

export type RunningSalesforce = {
  /** Login and instance host in one. */
  url: string
  clientId: string
  clientSecret: string
  /** Whom JWT assertions may name. */
  username: string
  /** PEM of the key whose certificate the app has. */
  privateKey: string
  control: string
  simulator: Simulator
  close(): Promise<void>
}

/** Starts a Salesforce organisation and its login on one port of 127.0.0.1. */
export async function startSalesforce(options: SalesforceOptions = {}): Promise<RunningSalesforce> {
  const kept = keptHead<Head>(options)
  const head = kept ?? newHead(options)
  const org = makeOrganisation({ ...head, settings: options.settings })
  const { server, origin: url } = await openServer(options, {
    ...{ head, kept: kept !== null },
    replay: (file) => replay(org, file),
    keep: (file) => keepJournal(org, file),
  })
  if (!kept) addBroken(org, options.broken ?? 0)
  const clientId = `3MVG9${hashText(head.seed, 'app').toString(36)}.simulated`
  const simulator = makeSimulator(org, url, { clientId, ...head }, options)
  answerOn(server, {
    control: (...asked) => control(simulator, ...asked),
    exchange: (...asked) => exchange(simulator, ...asked),
  })
  setChurn(simulator.churn, options.churn ?? 0)
  const { clientSecret, privateKey } = head
  const username = 'integration@contoso.example'
  return {
    url,
    clientId,
    clientSecret,
    username,
    privateKey,
    control: `${url}/control`,
    simulator,
    close: () => close(server, simulator),
  }
}

function newHead({ seed = 1, records = 30_000, others }: SalesforceOptions): Head {
  return {
    ...{ version: 1, seed, records, port: 0 },
    others: others ?? Math.min(200, Math.round(records / 20)),
    clientSecret: randomBytes(32).toString('hex').toUpperCase(),
    ...makeKeys(),
  }
}

type App = { clientId: string; clientSecret: string; publicKey: string }

function makeSimulator(org: Organisation, origin: string, app: App, options: SalesforceOptions): Simulator {
  const faults = makeFaults(FAULT_RULES)
  const deployments = makeDeployments()
  const streaming = makeStreaming()
  const outgoing = makeOutgoing(org, deployments, faults)
  const sim: Simulator = {
    org,
    origin,
    sessions: {
      clientId: app.clientId,
      clientSecret: app.clientSecret,
      publicKey: app.publicKey,
      runAs: org.integrationUser,
      approved: true,
      audiences: ['https://login.salesforce.com', 'https://test.salesforce.com'],
      tokens: new Map(),
      refreshTokens: new Map(),
      web: makeWebServerFlow(),
    },
    limits: makeLimits(options.limits),
    prepared: makePrepared(options.prepared ?? false),
    faults,
    log: makeLog(),
    cursors: new Map(),
    jobs: makeJobs(),
    streaming,
    deployments,
    outgoing,
    churn: makeChurn(Date.now() | 0, churnOf(org)),
    capture: { org, streaming, faults: [] },
    schemaAt: { value: Date.now() },
  }
  org.listeners.push((changes) => capture(sim.capture, changes))
  org.listeners.push((changes) => setOff(outgoing, changes))
  org.listeners.push(() => forgetPages(sim.prepared))
  org.schemaListeners.push(() => {
    sim.schemaAt.value = Date.now()
    forgetPages(sim.prepared)
  })
  return sim
}

function close(server: Server, simulator: Simulator): Promise<void> {
  setChurn(simulator.churn, 0)
  simulator.outgoing.closed = true
  dropClients(simulator.streaming)
  return closeServer(server)
}
