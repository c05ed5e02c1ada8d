import type { CrmReply, CrmSession } from '#connectors/call.ts'
import type { Subscription } from '#connectors/push.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { apiPath, ask, askJson } from './client.ts'
import { guidForm } from './read-row.ts'
import { rowList } from './wire.ts'

type Row = Record<string, unknown>

const messages = ['Create', 'Update', 'Delete']

// Values as the reference of serviceendpoint and sdkmessageprocessingstep gives them.
const webhook = { contract: 8, authtype: 4 }
// After the commit, by the asynchronous service: a synchronous step would run before it and could fail a person's save.
const asynchronous = { stage: 40, mode: 1 }
const enabled = { statecode: 0, statuscode: 1 }

/**
 * Registers the push of changes, or mends what is registered: run again it changes nothing that is right. The secret
 * is always written, since it cannot be read back.
 */
export async function subscribe(
  session: CrmSession,
  tables: readonly string[],
  target: { url: string; secret: string },
): Promise<Subscription> {
  // A refusal may repeat what was sent.
  redactor.register(target.secret)
  const endpointId = await ensureEndpoint(session, target)
  const wanted = await wantedSteps(session, tables)
  const stepIds = await ensureSteps(session, endpointId, wanted)
  return { endpointId, stepIds, url: target.url }
}

export async function unsubscribe(session: CrmSession, { endpointId, stepIds }: Subscription): Promise<void> {
  const found = await existingSteps(session, endpointId)
  for (const id of new Set([...found.map((step) => step.id), ...stepIds])) {
    await remove(session, `sdkmessageprocessingsteps(${id})`)
  }
  await remove(session, `serviceendpoints(${endpointId})`)
}

async function ensureEndpoint(session: CrmSession, target: { url: string; secret: string }): Promise<string> {
  // The last part of the path is the connection's id, which stays when the hub's own address changes.
  const name = `Jackfield ${new URL(target.url).pathname.split('/').at(-1) || target.url}`
  const body = { name, url: target.url, ...webhook, authvalue: target.secret }
  const rows = await list(session, 'serviceendpoints?$select=serviceendpointid,name,url&$filter=contract%20eq%208')
  const own = rows.filter((row) => row.name === name || row.url === target.url)
  const [first, ...doubles] = own.map((row) => idOf(row, 'serviceendpointid')).sort()
  for (const id of doubles) await unsubscribe(session, { endpointId: id, stepIds: [], url: target.url })
  if (first === undefined) return create(session, 'serviceendpoints', body)
  await send(session, `serviceendpoints(${first})`, 'PATCH', body)
  return first
}

interface WantedStep {
  name: string
  messageId: string
  filterId: string
}

/** A step for each message that the table takes part in; tables that only join two others have none. */
async function wantedSteps(session: CrmSession, tables: readonly string[]): Promise<WantedStep[]> {
  const byName = messages.map((name) => `name%20eq%20'${name}'`).join('%20or%20')
  const found = await list(session, `sdkmessages?$select=sdkmessageid,name&$filter=${byName}`)
  const names = new Map(found.map((row) => [idOf(row, 'sdkmessageid'), String(row.name)]))
  const steps: WantedStep[] = []
  for (const table of tables) {
    if (!/^[a-z][a-z0-9_]*$/i.test(table)) throw new HubError('input.invalid', 'a table name was expected')
    const filters = await list(
      session,
      `sdkmessagefilters?$select=sdkmessagefilterid,_sdkmessageid_value,iscustomprocessingstepallowed&$filter=primaryobjecttypecode%20eq%20'${table}'`,
    )
    for (const row of filters) {
      const messageId = String(row._sdkmessageid_value).toLowerCase()
      const message = names.get(messageId)
      if (!message || row.iscustomprocessingstepallowed === false) continue
      steps.push({ name: `Jackfield: ${message} of ${table}`, messageId, filterId: idOf(row, 'sdkmessagefilterid') })
    }
  }
  return steps
}

interface Step {
  id: string
  filterId: string
  right: boolean
}

async function existingSteps(session: CrmSession, endpointId: string): Promise<Step[]> {
  const select =
    'sdkmessageprocessingstepid,_sdkmessagefilterid_value,stage,mode,statecode,filteringattributes,_eventhandler_value'
  const rows = await list(
    session,
    `sdkmessageprocessingsteps?$select=${select}&$filter=_eventhandler_value%20eq%20${endpointId}`,
  )
  return rows.map((row) => ({
    id: idOf(row, 'sdkmessageprocessingstepid'),
    filterId: String(row._sdkmessagefilterid_value).toLowerCase(),
    right:
      row.stage === asynchronous.stage &&
      row.mode === asynchronous.mode &&
      row.statecode === enabled.statecode &&
      !row.filteringattributes,
  }))
}

async function ensureSteps(session: CrmSession, endpointId: string, wanted: readonly WantedStep[]): Promise<string[]> {
  const left = new Map((await existingSteps(session, endpointId)).map((step) => [step.id, step]))
  const ids: string[] = []
  for (const step of wanted) {
    const found = [...left.values()].find((one) => one.filterId === step.filterId)
    if (found) left.delete(found.id)
    ids.push(found ? await mendStep(session, found) : await createStep(session, endpointId, step))
  }
  // Doubles, and steps of tables that are no longer copied.
  for (const id of left.keys()) await remove(session, `sdkmessageprocessingsteps(${id})`)
  return ids
}

async function mendStep(session: CrmSession, { id, right }: Step): Promise<string> {
  if (right) return id
  const body = { ...asynchronous, ...enabled, filteringattributes: null }
  await send(session, `sdkmessageprocessingsteps(${id})`, 'PATCH', body)
  return id
}

function createStep(session: CrmSession, endpointId: string, step: WantedStep): Promise<string> {
  return create(session, 'sdkmessageprocessingsteps', {
    name: step.name,
    ...asynchronous,
    rank: 1,
    supporteddeployment: 0,
    // Jobs that went well leave no rows behind in the organisation.
    asyncautodelete: true,
    'sdkmessageid@odata.bind': `/sdkmessages(${step.messageId})`,
    'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${step.filterId})`,
    'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpointId})`,
  })
}

async function list(session: CrmSession, path: string): Promise<Row[]> {
  const asked = { what: 'to list what is registered for events', lane: 'person' } as const
  return (await askJson(session, `${apiPath}/${path}`, asked, rowList)).value
}

function idOf(row: Row, name: string): string {
  const id = String(row[name]).toLowerCase()
  if (guidForm.test(id)) return id
  throw new HubError('crm.body_invalid', `Dynamics answered a row without ${name}`)
}

async function create(session: CrmSession, setName: string, body: Row): Promise<string> {
  const reply = await send(session, setName, 'POST', body)
  const id = /\(([0-9a-f-]{36})\)/i.exec(reply.headers['odata-entityid'] ?? reply.headers.location ?? '')?.[1]
  if (id) return id.toLowerCase()
  throw new HubError('crm.body_invalid', `Dynamics did not name the row that it made in ${setName}`)
}

function send(session: CrmSession, path: string, method: 'POST' | 'PATCH' | 'DELETE', body?: Row) {
  return ask(session, `${apiPath}/${path}`, {
    what: `to register for events (${path.split('(')[0]})`,
    method,
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      // A PATCH without it would make a row that is gone anew.
      ...(method === 'PATCH' ? { 'if-match': '*' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    lane: 'person',
    // Twice the same row is found and mended by the next run; a change or removal may be repeated.
    retry: method === 'POST' ? 'never' : 'safe',
  })
}

async function remove(session: CrmSession, path: string): Promise<CrmReply | null> {
  return send(session, path, 'DELETE').catch((error: unknown) => {
    if (isHubError(error, 'crm.refused') && error.detail.vendorStatus === 404) return null
    throw error
  })
}
