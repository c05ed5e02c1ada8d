import { z } from 'zod'
import type { CrmSession } from '#connectors/call.ts'
import type { InstallOptions, InstallStep, InstallTarget, PushInstaller } from '#connectors/installer.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { madeBy, namesFor, type PushTarget } from './apex.ts'
import { deploy } from './deploy.ts'
import { askMetadata } from './metadata-call.ts'
import { objectOf } from './object-tables.ts'
import { outboundKey } from './outbound-message.ts'
import { pushPackage, removalPackage } from './package.ts'

export const installer: PushInstaller = {
  download(target) {
    const { className } = namesFor(target.connectionId)
    const { zip } = pushPackage(pushTarget(target))
    return { fileName: `${className}.zip`, contentType: 'application/zip', bytes: zip }
  },
  install,
  remove,
  ping,
  unsignedPath: outboundKey,
}

const pushTarget = ({ tables, ...target }: InstallTarget): PushTarget => ({
  ...target,
  objects: [...new Set(tables.map(objectOf))].toSorted(),
})

async function* install(
  session: CrmSession,
  target: InstallTarget,
  options?: InstallOptions,
): AsyncGenerator<InstallStep> {
  // A refusal may repeat what was sent.
  redactor.register(target.secret)
  const wanted = pushTarget(target)
  if (wanted.objects.length === 0) throw new HubError('input.invalid', 'No object was chosen', { field: 'tables' })
  const names = namesFor(target.connectionId)
  const found = await findOwn(session, target.connectionId)
  yield { step: 'names', ok: true, message: `${names.className} and what belongs to it are free or the hub’s own` }
  const kept = new Set(wanted.objects.map((object) => names.triggerOf(object).toLowerCase()))
  const stale = found.triggers.filter((trigger) => !kept.has(trigger.toLowerCase()))
  yield* deploy(session, pushPackage(wanted, stale), options)
}

async function* remove(
  session: CrmSession,
  connectionId: string,
  options?: InstallOptions,
): AsyncGenerator<InstallStep> {
  const { triggers } = await findOwn(session, connectionId)
  yield* deploy(session, removalPackage(connectionId, triggers), options)
}

const found = z.object({ records: z.array(z.object({ Name: z.string(), Body: z.string().nullable() })) })

/** What stands in the CRM under our names. Throws push.name_taken where somebody else made it. */
async function findOwn(session: CrmSession, connectionId: string): Promise<{ classes: string[]; triggers: string[] }> {
  const { className, testName } = namesFor(connectionId)
  const tag = className.slice(className.indexOf('_'))
  const byName = `Name IN ('${className}', '${testName}')`
  const classes = await query(session, `SELECT Name, Body FROM ApexClass WHERE NamespacePrefix = null AND ${byName}`)
  // Every name that begins so is looked at: an underscore is any letter to LIKE.
  const begun = await query(
    session,
    `SELECT Name, Body FROM ApexTrigger WHERE NamespacePrefix = null AND Name LIKE 'JackfieldOn%'`,
  )
  const triggers = begun.filter(({ Name }) => Name.endsWith(tag))
  const taken = [...classes, ...triggers].find(({ Body }) => !Body?.includes(madeBy(connectionId)))
  if (taken) {
    throw new HubError(
      'push.name_taken',
      `${taken.Name} is in Salesforce already, and not of this connection’s making`,
      {
        mend: `Rename or delete ${taken.Name} in Salesforce, then install again.`,
      },
    )
  }
  return { classes: classes.map(({ Name }) => Name), triggers: triggers.map(({ Name }) => Name) }
}

async function query(session: CrmSession, soql: string): Promise<{ Name: string; Body: string | null }[]> {
  const answer = await askMetadata(session, `query?q=${encodeURIComponent(soql)}`, found, {})
  return answer.records
}

const executed = z.object({ success: z.boolean() })

async function ping(session: CrmSession, connectionId: string, eventId: string): Promise<boolean> {
  if (!/^[0-9a-f]{8,64}$/.test(eventId)) throw new HubError('input.invalid', 'An event id was expected')
  const body = `${namesFor(connectionId).className}.ping('${eventId}');`
  try {
    const path = `tooling/executeAnonymous?anonymousBody=${encodeURIComponent(body)}`
    return (await askMetadata(session, path, executed, {})).success
  } catch (error) {
    if (isHubError(error, 'crm.privilege_missing', 'crm.refused')) return false
    throw error
  }
}
