import type { CrmSession } from './call.ts'

/** What the code in the CRM has to know of the hub. */
export interface InstallTarget {
  connectionId: string
  /** The connection's webhook address. */
  url: string
  /** As the connection keeps it, in base64url. */
  secret: string
  /** The CRM's own user that the hub is: its changes are not told. */
  hubUser: string
  /** The CRM's names of the tables whose changes are told. */
  tables: readonly string[]
}

/** One tick of work on the code in the CRM; of what fails each fault is a tick. */
export interface InstallStep {
  step: 'names' | 'sent' | 'components' | 'tests' | 'done'
  ok: boolean
  message: string
  /** Of `total` parts so many are through. */
  done?: number
  total?: number
}

export interface InstallOptions {
  /** The CRM checks and tests all of it, and keeps nothing. */
  checkOnly?: boolean
  /** Cancels the work in the CRM. */
  signal?: AbortSignal
}

/**
 * Push by code that has to stand in the CRM itself. It is put there only because a person asked; who may not let the
 * hub do it can take the package and do it by hand.
 */
export interface PushInstaller {
  /** The same target makes the same bytes. They hold the secret. */
  download(target: InstallTarget): { fileName: string; contentType: string; bytes: Buffer }
  /** Throws push.not_installed, crm.privilege_missing; then nothing of it is in the CRM. */
  install(session: CrmSession, target: InstallTarget, options?: InstallOptions): AsyncIterable<InstallStep>
  remove(session: CrmSession, connectionId: string, options?: InstallOptions): AsyncIterable<InstallStep>
  /** Has the CRM send a test event with this id; false where the hub's user may not have that done. */
  ping(session: CrmSession, connectionId: string, eventId: string): Promise<boolean>
  /** What a person puts in the address of pushes that the CRM cannot sign, behind the connection's own. */
  unsignedPath(secret: string): string
}
