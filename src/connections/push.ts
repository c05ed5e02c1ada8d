import { hash, randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { CrmSession } from '#connectors/call.ts'
import type { InstallOptions, InstallStep, InstallTarget, PushInstaller } from '#connectors/installer.ts'
import { HubError } from '#core/errors.ts'
import { listTables } from '#records/table.ts'
import type { Connection } from './connection.ts'
import type { Context } from './context.ts'
import { findConnection, storeWebhook } from './store.ts'
import { hookUrl, renewPushSecret, secretOf } from './subscribe.ts'

type Sessions = (connectionId: string) => Promise<CrmSession>

/** Push by code in the CRM, which a person has installed. */
export interface Pushes {
  /** Where outbound messages and the like are sent, which the CRM cannot sign. */
  unsignedUrl(connectionId: string, publicUrl: string): Promise<string>
  download(connectionId: string, publicUrl: string): Promise<{ fileName: string; contentType: string; bytes: Buffer }>
  install(connectionId: string, publicUrl: string, options: InstallOptions): AsyncIterable<InstallStep>
  /** Installs it with a new secret, which counts once the CRM has it: where that fails the old one stays. */
  renew(connectionId: string, publicUrl: string, options: InstallOptions): AsyncIterable<InstallStep>
  remove(connectionId: string, options: InstallOptions): AsyncIterable<InstallStep>
  /** Whether what was installed last is what would be installed now. */
  isCurrent(connectionId: string, publicUrl: string): Promise<boolean>
  /** Throws nothing where the hub's user may not have it sent: then false. */
  ping(connectionId: string, eventId: string): Promise<boolean>
}

export function createPushes(context: Context, session: Sessions): Pushes {
  const targetOf = (id: string, publicUrl: string) => installTarget(context, id, publicUrl)
  return {
    async unsignedUrl(id, publicUrl) {
      const { installer, target } = await targetOf(id, publicUrl)
      return `${target.url}/${installer.unsignedPath(target.secret)}`
    },
    async download(id, publicUrl) {
      const { installer, target } = await targetOf(id, publicUrl)
      return installer.download(target)
    },
    async *install(id, publicUrl, options) {
      const { installer, target } = await targetOf(id, publicUrl)
      yield* installer.install(await session(id), target, options)
      if (!options.checkOnly) await noteInstalled(context, installer, target)
    },
    async *renew(id, publicUrl, options) {
      const { installer, target } = await targetOf(id, publicUrl)
      const renewed = { ...target, secret: randomBytes(32).toString('base64url') }
      yield* installer.install(await session(id), renewed, options)
      await renewPushSecret(context, id, renewed.secret)
      await noteInstalled(context, installer, renewed)
    },
    async *remove(id, options) {
      const { installer } = await installerOf(context, id)
      yield* installer.remove(await session(id), id, options)
      if (!options.checkOnly) await storeWebhook(context.pool, id, null)
    },
    async isCurrent(id, publicUrl) {
      const { webhook } = await findConnection(context.pool, id)
      if (!webhook) return false
      const { installer, target } = await targetOf(id, publicUrl)
      if (webhook.version !== undefined) return webhook.version === versionOf(installer, target)
      return webhook.url === target.url && isDeepStrictEqual(webhook.tables.toSorted(), target.tables.toSorted())
    },
    async ping(id, eventId) {
      const { installer } = await installerOf(context, id)
      return installer.ping(await session(id), id, eventId)
    },
  }
}

/** The same target makes the same bytes. */
const versionOf = (installer: PushInstaller, target: InstallTarget) =>
  hash('sha256', installer.download(target).bytes).slice(0, 16)

async function noteInstalled(context: Context, installer: PushInstaller, target: InstallTarget): Promise<void> {
  const at = new Date(context.clock.now()).toISOString()
  const { connectionId, url, tables } = target
  await storeWebhook(context.pool, connectionId, {
    url,
    tables: [...tables],
    at,
    version: versionOf(installer, target),
  })
}

async function installerOf(
  context: Context,
  id: string,
): Promise<{ connection: Connection; installer: PushInstaller }> {
  const connection = await findConnection(context.pool, id)
  const { installer, manifest } = context.connectorOf(connection.crm)
  if (installer) return { connection, installer }
  throw new HubError('input.invalid', `Push needs no installation with ${manifest.title}`)
}

async function installTarget(
  context: Context,
  id: string,
  publicUrl: string,
): Promise<{ installer: PushInstaller; target: InstallTarget }> {
  const { connection, installer } = await installerOf(context, id)
  const tables = (await listTables(context.pool, id)).filter((table) => table.enabled).map(({ source }) => source.name)
  const secret = await secretOf(context, id)
  const hubUser = connection.settings.userId ?? ''
  return { installer, target: { connectionId: id, url: hookUrl(publicUrl, id), secret, hubUser, tables } }
}
