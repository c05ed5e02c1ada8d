import type { Acts } from '#audit/append.ts'
import type { OpenDoor } from '#connectors/call.ts'
import type { Connector } from '#connectors/connector.ts'
import type { Clock } from '#core/clock.ts'
import type { Door } from '#core/http.ts'
import type { Log } from '#core/log.ts'
import type { Pool } from '#database/pool.ts'
import type { Worker } from '#jobs/lease.ts'
import type { Keyring } from '#secrets/keyring.ts'
import type { SecretPlace } from '#secrets/seal.ts'
import { crmReply } from './crm-reply.ts'

/** What connections are built on. */
export interface Context {
  pool: Pool
  door: Door
  keyring: Keyring
  connectorOf: (crm: string) => Connector
  clock: Clock
  log: Log
  worker: Worker
  acts: Acts
}

/** The door without credentials, for sign-in and discovery. */
export function openDoor(door: Door, signal?: AbortSignal): OpenDoor {
  return {
    async call(url, options) {
      return crmReply(await door.call(url, signal ? { ...options, signal } : options))
    },
  }
}

/** One organisation (customer) per hub and database, so its name adds nothing to the place. */
export function secretPlace(table: string, row: string, column: string): SecretPlace {
  return { organisation: '', table, row, column }
}
