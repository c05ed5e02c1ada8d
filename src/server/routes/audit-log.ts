import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ownerOf } from '#audit/act.ts'
import { type ActQuery, type ListedAct, listActs } from '#audit/list.ts'
import type { Opened } from '#audit/person-key.ts'
import { sealState } from '#audit/seal-state.ts'
import { type Finding, verifyLog } from '#audit/verify.ts'
import { listApiKeys } from '#people/api-key.ts'
import { listPeople } from '#people/person.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, given } from '../api.ts'
import { contentTypes, exported } from '../audit-export.ts'
import {
  AuditExportQuery,
  type AuditedAct,
  AuditLogPage,
  AuditLogQuery,
  AuditSeal,
  AuditVerified,
  type VerifyFinding,
  VerifyInput,
  type VerifyStep,
} from '../contract/audit-log.ts'
import type { Hub } from '../hub.ts'
import { endAct } from '../plugins/acts.ts'
import { time } from '../shown.ts'
import { answerInSteps } from '../step-stream.ts'

const exportedAtOnce = 1_000

export function auditLogRoutes(app: Api, hub: Hub): void {
  exportRoute(app, hub)

  app.get(
    '/audit-log',
    { ...allow('read:audit'), schema: { querystring: AuditLogQuery, response: { 200: AuditLogPage, ...failures } } },
    async (request) => {
      const { cursor, limit, ...filters } = request.query
      const found = await listActs(hub.pool, hub.audit.acts.persons, {
        ...queryOf(filters),
        ...(cursor === undefined ? {} : { cursor }),
        limit,
      })
      const next = found.length === limit ? found.at(-1)!.cursor : null
      return { acts: await shownActs(hub, found), next }
    },
  )

  app.get(
    '/audit-log/seal',
    { ...allow('read:audit'), schema: { response: { 200: AuditSeal, ...failures } } },
    async () => sealOf(hub),
  )

  app.post(
    '/audit-log/verify',
    {
      ...allow('read:audit', 'audit_log.verify'),
      schema: { body: VerifyInput, response: { 200: AuditVerified, ...failures } },
    },
    (request, reply) =>
      answerInSteps(request, reply, {
        hub,
        status: 200,
        work: (onStep: (step: VerifyStep) => void) => verify(hub, request, onStep),
      }),
  )
}

async function sealOf(hub: Hub): Promise<AuditSeal> {
  const { sealedAt, ...state } = await sealState(hub.pool)
  const last = { act: 'audit_log.verify', outcome: 'done', limit: 1 } as const
  const [verified] = await listActs(hub.pool, hub.audit.acts.persons, last)
  return { ...state, sealedAt: sealedAt && time(sealedAt), verified: verified ? verificationOf(verified) : null }
}

function verificationOf({ at, details }: ListedAct): NonNullable<AuditSeal['verified']> {
  return { at: time(at), ok: details.ok === true, blocks: typeof details.blocks === 'number' ? details.blocks : 0 }
}

/** Of a log with very many blocks not each is told. */
const tellEveryBlocks = 20

async function verify(
  hub: Hub,
  request: FastifyRequest<{ Body: z.infer<typeof VerifyInput> }>,
  onStep: (step: VerifyStep) => void,
): Promise<AuditVerified> {
  const { acts, longPool } = hub.audit
  const verified = await verifyLog(longPool, acts.keys, {
    ...given(request.body),
    onProgress: (step) => {
      if (step.blocks % tellEveryBlocks === 0 || step.blocks === step.of) onStep(step)
    },
  })
  noteAct(request, { details: { ok: verified.ok, blocks: verified.blocks, head: verified.head } })
  if (!verified.ok)
    hub.log.error('the audit log is not as the hub wrote it', { findings: verified.findings.slice(0, 10) })
  return { ...verified, findings: verified.findings.map(shownFinding) }
}

function shownFinding(finding: Finding): VerifyFinding {
  return { block: null, id: null, at: null, key: null, ...finding }
}

function exportRoute(app: Api, hub: Hub): void {
  app.get(
    '/audit-log/export',
    {
      ...allow('read:audit', 'audit_log.export'),
      schema: { querystring: AuditExportQuery, response: { 200: z.any(), ...failures } },
    },
    async (request, reply) => {
      const { format, ...filters } = request.query
      noteAct(request, { details: { format, ...given(filters) }, outlastsAnswer: true })
      const day = new Date(hub.clock.now()).toISOString().slice(0, 10)
      reply.header('content-disposition', `attachment; filename="audit-log-${day}.${format}"`)
      reply.header('cache-control', 'no-store').type(contentTypes[format])
      return reply.send(Readable.from(streamed(hub, request, reply)))
    },
  )
}

/** The whole export as text; how much of it went out is its outcome. */
async function* streamed(
  hub: Hub,
  request: FastifyRequest<{ Querystring: AuditExportQuery }>,
  reply: FastifyReply,
): AsyncGenerator<string> {
  const { format, ...filters } = request.query
  let count = 0
  let status = 500
  const pages = async function* () {
    for await (const page of pagesOf(hub, queryOf(filters))) {
      count += page.length
      yield page
    }
  }
  try {
    yield* exported(pages(), format)
    status = reply.statusCode
  } finally {
    noteAct(request, { details: { acts: count } })
    await endAct(hub, request.act!, status)
  }
}

async function* pagesOf(hub: Hub, query: Omit<ActQuery, 'limit'>): AsyncGenerator<AuditedAct[]> {
  for (let cursor: string | undefined; ; ) {
    const at = cursor === undefined ? {} : { cursor }
    const found = await listActs(hub.pool, hub.audit.acts.persons, { ...query, ...at, limit: exportedAtOnce })
    yield await shownActs(hub, found)
    if (found.length < exportedAtOnce) return
    cursor = found.at(-1)!.cursor
  }
}

function queryOf({ from, to, ...same }: Omit<AuditLogQuery, 'cursor' | 'limit'>): Omit<ActQuery, 'limit'> {
  return { ...given(same), ...(from ? { from: new Date(from) } : {}), ...(to ? { to: new Date(to) } : {}) }
}

async function shownActs(hub: Hub, found: readonly ListedAct[]): Promise<AuditedAct[]> {
  // A look-up holds no name; it is that of the key or the person as they are kept.
  const kinds = new Set(found.filter(isNameless).map(({ actor }) => actor.kind))
  const keys = kinds.has('key') ? await listApiKeys(hub.pool) : []
  const people = kinds.has('person') ? await listPeople(hub.pool) : []
  const names = new Map([...keys, ...people].map(({ id, name }) => [id, name]))
  return found.map((act) => shownAct(act, names))
}

/** Its actor's values were neither written nor erased. */
const isNameless = ({ actor, personal }: ListedAct) => !((ownerOf(actor) ?? '') in personal)

function shownAct(listed: ListedAct, names: ReadonlyMap<string, string>): AuditedAct {
  const { id, at, actor, sessionId, act, subject, outcome, details, result, personal } = listed
  const own = valuesOf(personal, ownerOf(actor))
  return {
    ...{ id, sessionId, act, outcome, details, result },
    at: time(at),
    actor: { ...actor, name: own.name ?? (isNameless(listed) ? names.get(actor.id) : null) ?? null },
    subject: subject && { ...subject, name: valuesOf(personal, `${subject.kind}:${subject.id}`).name ?? null },
    from: own.address === undefined ? null : { address: own.address, agent: own.agent ?? null },
    erased: Object.values(personal).includes(null),
  }
}

const valuesOf = (personal: Opened, owner: string | null): Record<string, string> =>
  (owner === null ? null : personal[owner]) ?? {}
