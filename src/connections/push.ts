import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { CrmSession } from '#connectors/call.ts'
import type { InstallOptions, InstallStep, InstallTarget, PushInstaller } from '#connectors/installer.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { listTables } from '#records/table.ts'
import type { Connection, Webhook } from './connection.ts'
import type { Context } from './context.ts'
import { beginRenewal, dropRenewal, endRenewal, pushSecrets, secretOf } from './push-secret.ts'
import { findConnection, storeWebhook } from './store.ts'
import { hookUrl } from './subscribe.ts'

type Sessions = (connectionId: string) => Promise<CrmSession>

/** Push by code in the CRM, which a person has installed. */
export interface Pushes {
  /** Where outbound messages and the like are sent, which the CRM cannot sign. */
  unsignedUrl(connectionId: string, publicUrl: string): Promise<string>
  download(connectionId: string, publicUrl: string): Promise<{ fileName: string; contentType: string; bytes: Buffer }>
  install(connectionId: string, publicUrl: string, options: InstallOptions): AsyncIterable<InstallStep>
  /**
   * Installs it with a new secret. Both count until it is known how that ended: the former ends soon after the CRM has
   * taken the new one, and stays where the CRM has refused it.
   */
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
      const { installer } = await installerOf(context, id)
      // Never one that is on its way: a message to it would prove that the CRM has taken it.
      return `${hookUrl(publicUrl, id)}/${installer.unsignedPath(await secretOf(context, id))}`
    },
    async download(id, publicUrl) {
      const { installer, target } = await targetOf(id, publicUrl)
      return installer.download(target)
    },
    async *install(id, publicUrl, options) {
      const { installer, target } = await targetOf(id, publicUrl)
      yield* installer.install(await session(id), target, options)
      if (options.checkOnly) return
      await endRenewal(context, id, { secret: target.secret, webhook: webhookOf(context, installer, target) })
    },
    renew: (id, publicUrl, options) => renew(context, session, { id, publicUrl, options }),
    async *remove(id, options) {
      const { installer } = await installerOf(context, id)
      yield* installer.remove(await session(id), id, options)
      if (options.checkOnly) return
      await dropRenewal(context, id)
      await storeWebhook(context.pool, id, null)
    },
    async isCurrent(id, publicUrl) {
      const { webhook } = await findConnection(context.pool, id)
      const { next } = await pushSecrets(context, id)
      // A renewal of which nobody knows how it ended: another installation ends it.
      if (!webhook || next !== null) return false
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

function webhookOf(context: Context, installer: PushInstaller, target: InstallTarget): Webhook {
  const at = new Date(context.clock.now()).toISOString()
  const { url, tables } = target
  return { url, tables: [...tables], at, version: versionOf(installer, target) }
}

async function* renew(
  context: Context,
  session: Sessions,
  { id, publicUrl, options }: { id: string; publicUrl: string; options: InstallOptions },
): AsyncGenerator<InstallStep> {
  const { installer, target } = await installTarget(context, id, publicUrl)
  const crm = await session(id)
  const withSecret = (secret: string) => webhookOf(context, installer, { ...target, secret })
  const renewal = await beginRenewal(context, id, withSecret)
  let isSent = false
  try {
    for await (const step of installer.install(crm, { ...target, secret: renewal.secret }, options)) {
      if (step.step === 'sent') isSent = true
      yield step
    }
  } catch (error) {
    if (isRefused(error, isSent)) await renewal.giveUp?.()
    throw error
  }
  await endRenewal(context, id, { secret: renewal.secret, webhook: withSecret(renewal.secret) })
}

/** Then nothing of it is in the CRM. After any other fault it may be, or come to be. */
function isRefused(error: unknown, isSent: boolean): boolean {
  if (isHubError(error, 'push.not_installed')) return true
  return !isSent && isHubError(error, 'push.name_taken', 'crm.privilege_missing', 'input.invalid')
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
  const current = await secretOf(context, id)
  // A renewal that was begun and never ended is gone on with.
  const secret = (await pushSecrets(context, id)).next ?? current
  const hubUser = connection.settings.userId ?? ''
  return { installer, target: { connectionId: id, url: hookUrl(publicUrl, id), secret, hubUser, tables } }
}
