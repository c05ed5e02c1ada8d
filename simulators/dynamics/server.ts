import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { EntraSettings } from '../entra/data.ts'
import { setChurn } from '../exchange/churn.ts'
import { closeServer } from '../exchange/http.ts'
import { keptHead } from '../exchange/journal.ts'
import { answerOn, openServer } from '../exchange/server.ts'
import { guidOf } from '../organisation/random.ts'
import { addBroken } from './broken.ts'
import { control } from './control.ts'
import { makeDirectory } from './directory.ts'
import { exchange } from './exchange.ts'
import { type Head, keepJournal, replay } from './journal.ts'
import { PROTECTION, type Protection } from './limits.ts'
import { makeOrganization } from './make-organization.ts'
import type { Settings } from './organization.ts'
import { makeSimulator, type Simulator } from './simulator.ts'
import { closeWebhooks } from './webhooks.ts'

export type DynamicsOptions = {
  /** 0 or absent: any free port, or the one that `dataFile` remembers where that is free. */
  port?: number | undefined
  /** Accounts and contacts together, one to five. */
  records?: number | undefined
  seed?: number | undefined
  /** Hands out list pages ready-made: for measurements. */
  prepared?: boolean | undefined
  /** Service protection: on with Microsoft's figures unless prepared; an object scales them. */
  protection?: boolean | Partial<Protection> | undefined
  /** Random changes a second. */
  churn?: number | undefined
  /** Contacts that break the model. */
  broken?: number | undefined
  /** Keeps the organisation: a later start with the same file takes it up again. */
  dataFile?: string | undefined
  settings?: Partial<Settings> | undefined
  entra?: Partial<EntraSettings> | undefined
}

export type RunningDynamics = {
  url: string
  authority: string
  tenant: string
  clientId: string
  clientSecret: string
  control: string
  simulator: Simulator
  close(): Promise<void>
}

/** Starts a Dataverse organisation and the directory that guards it, both on one port of 127.0.0.1. */
export async function startDynamics(options: DynamicsOptions = {}): Promise<RunningDynamics> {
  const kept = keptHead<Head>(options)
  const head = kept ?? newHead(options)
  const clientId = guidOf(head.seed, 'client')
  const org = makeOrganization({ seed: head.seed, records: head.records, clientId, settings: options.settings })
  const { server, origin: url } = await openServer(options, {
    ...{ head, kept: kept !== null },
    replay: (file) => replay(org, file),
    keep: (file) => keepJournal(org, file),
  })
  if (!kept) addBroken(org, options.broken ?? 0)
  const directory = makeDirectory(org, { clientId, secret: head.clientSecret }, options.entra)
  directory.resources.add(url)
  const prepared = options.prepared ?? false
  const simulator = makeSimulator({ org, directory, origin: url, prepared, protection: protectionOf(options) })
  answerOn(server, {
    control: (...asked) => control(simulator, ...asked),
    exchange: (...asked) => exchange(simulator, ...asked),
  })
  setChurn(simulator.churn, options.churn ?? 0)
  return {
    url,
    authority: url,
    tenant: directory.tenantId,
    clientId,
    clientSecret: head.clientSecret,
    control: `${url}/control`,
    simulator,
    close: () => close(server, simulator),
  }
}

function newHead({ seed = 1, records = 30_000 }: DynamicsOptions): Head {
  return { version: 1, seed, records, clientSecret: `sim~${randomBytes(24).toString('base64url')}`, port: 0 }
}

function protectionOf({ protection, prepared }: DynamicsOptions): Protection | null {
  if (protection === false || (protection === undefined && prepared)) return null
  return { ...PROTECTION, ...(typeof protection === 'object' ? protection : {}) }
}

function close(server: Server, simulator: Simulator): Promise<void> {
  setChurn(simulator.churn, 0)
  closeWebhooks(simulator.webhooks)
  return closeServer(server)
}
