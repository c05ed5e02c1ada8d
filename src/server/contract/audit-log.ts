import { z } from 'zod'
import { Cursor, Limit, Time } from './shapes.ts'

export const ActName = z.enum([
  'account.change',
  'account.end_sessions',
  'account.prove',
  'account.set_password',
  'agent_identity.remove',
  'agent_identity.set',
  'agent_workflow.change',
  'agent_workflow.create',
  'agent_workflow.order',
  'agent_workflow.remove',
  'api.use',
  'audit_log.export',
  'audit_log.verify',
  'authentication.change',
  'authentication.consent',
  'authentication.create',
  'authentication.remove',
  'authentication.replace_secret',
  'configuration.change',
  'configuration.create',
  'configuration.remove',
  'configuration_part.change',
  'configuration_part.create',
  'configuration_part.remove',
  'connection.change',
  'connection.check',
  'connection.create',
  'connection.remove',
  'connection.try',
  'connector.discover',
  'definition.change',
  'definition.try',
  'desktop.change_settings',
  'destination.change',
  'destination.change_mapping',
  'destination.create',
  'destination.make_columns',
  'destination.preview_mapping',
  'destination.remove',
  'destination.steer',
  'factor.add',
  'factor.begin',
  'factor.change',
  'factor.remove',
  'factor.renew_codes',
  'identity.link',
  'identity.remove',
  'identity.unlink',
  'interaction.handle',
  'interaction.run_workflow',
  'interaction_source.make',
  'interaction_source.remove',
  'invitation.accept',
  'invitation.create',
  'invitation.revoke',
  'key.create',
  'key.revoke',
  'linked_account.link',
  'linked_account.unlink',
  'parked.drop',
  'parked.replay',
  'person.activate',
  'person.change',
  'person.create',
  'person.erase',
  'person.let_in_frame',
  'person.remove',
  'person.reset',
  'person.set_owners',
  'person.sign_in',
  'person.sign_in_link',
  'person.sign_out',
  'person.suspend',
  'provider.change',
  'provider.check',
  'provider.create',
  'provider.remove',
  'push.change',
  'push.read_address',
  'push.read_package',
  'push.renew_secret',
  'record.look_up',
  'records.reindex',
  'role.change',
  'role.create',
  'role.remove',
  'run.audit',
  'run.request',
  'run.steer',
  'secret.use',
  'session.end',
  'table.add',
  'table.change',
  'table.preview',
  'team.add_member',
  'team.change',
  'team.create',
  'team.remove',
  'team.remove_member',
  'write.cancel',
  'write.deliver',
  'write.keep',
  'write.retry',
  'write.settle',
])
export type ActName = z.infer<typeof ActName>

/** `begun`: no outcome is known, since the hub ended before it, or since it is still under way. */
const ActOutcome = z.enum(['begun', 'done', 'refused', 'failed'])

const Details = z.record(z.string(), z.unknown())

/** One act: who did what to what, when, from where, with what outcome. */
export const AuditedAct = z.object({
  id: z.string(),
  at: Time,
  /** Kind: person, key, operator (at the machine), hub, nobody (a stranger). */
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() }),
  sessionId: z.string().nullable(),
  act: z.string(),
  subject: z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() }).nullable(),
  outcome: ActOutcome,
  from: z.object({ address: z.string(), agent: z.string().nullable() }).nullable(),
  details: Details,
  /** What a look-up found: how many, and the first of them. */
  result: Details.nullable(),
  /** The names and addresses of a person stood here and were erased. */
  erased: z.boolean(),
})
export type AuditedAct = z.infer<typeof AuditedAct>

const filters = {
  /** The actor's id. */
  actor: z.string().min(1).max(200).optional(),
  act: ActName.optional(),
  /** The subject's id. */
  subject: z.string().min(1).max(200).optional(),
  outcome: ActOutcome.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  /** Before this time. */
  to: z.iso.datetime({ offset: true }).optional(),
}

/** GET /api/v1/audit-log, newest first */
export const AuditLogQuery = z.object({ ...filters, cursor: Cursor.optional(), limit: Limit.default(50) })
export type AuditLogQuery = z.infer<typeof AuditLogQuery>

export const AuditLogPage = z.object({ acts: z.array(AuditedAct), next: Cursor.nullable() })
export type AuditLogPage = z.infer<typeof AuditLogPage>

/** GET /api/v1/audit-log/export: all that the filters let through, newest first, as one stream. */
export const AuditExportQuery = z.object({ ...filters, format: z.enum(['csv', 'json', 'ndjson']).default('csv') })
export type AuditExportQuery = z.infer<typeof AuditExportQuery>

/** GET /api/v1/audit-log/seal: up to where acts are sealed, and what the last verification said. */
export const AuditSeal = z.object({
  /** Number of the last block; 0: none yet. */
  blocks: z.number().int(),
  sealedAt: Time.nullable(),
  head: z.string().nullable(),
  /** Acts of the last moments, which no block holds yet. */
  unsealed: z.number().int(),
  verified: z.object({ at: Time, ok: z.boolean(), blocks: z.number().int() }).nullable(),
})
export type AuditSeal = z.infer<typeof AuditSeal>

/** POST /api/v1/audit-log/verify; `head` is a hash of an earlier verification, noted elsewhere. */
export const VerifyInput = z.object({
  head: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'a hash is 64 hex digits')
    .optional(),
})

export const VerifyStep = z.object({ blocks: z.number().int(), of: z.number().int(), acts: z.number().int() })
export type VerifyStep = z.infer<typeof VerifyStep>

/** `block` is null for an act that no block holds yet. */
export const VerifyFinding = z.object({
  kind: z.enum(['removed', 'added', 'altered', 'block_removed', 'block_altered', 'key_unknown', 'head_missing']),
  block: z.string().nullable(),
  /** Of the act. */
  id: z.string().nullable(),
  at: Time.nullable(),
  /** The id of the master key that was not given. */
  key: z.string().nullable(),
})
export type VerifyFinding = z.infer<typeof VerifyFinding>

export const AuditVerified = z.object({
  ok: z.boolean(),
  blocks: z.number().int(),
  acts: z.number().int(),
  /** Blocks whose acts were taken away when their time was over. */
  droppedBlocks: z.number().int(),
  unsealed: z.number().int(),
  /** Note it elsewhere: given again, it tells whether the end was cut off meanwhile. */
  head: z.string().nullable(),
  findings: z.array(VerifyFinding),
  more: z.boolean(),
})
export type AuditVerified = z.infer<typeof AuditVerified>
