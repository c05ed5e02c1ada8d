/**
 * Every act that is written down, and the kind of what it is done to; `self`: to the person who acts. A closed list:
 * docs/audit.md tells of each.
 */
export const acts = {
  'account.change': 'self',
  'account.end_sessions': 'self',
  'account.prove': 'self',
  'account.set_password': 'self',
  'agent_identity.remove': null,
  'agent_identity.set': 'person',
  'agent_workflow.change': 'configuration',
  'agent_workflow.create': 'configuration',
  'agent_workflow.order': 'configuration',
  'agent_workflow.remove': 'configuration',
  'api.use': null,
  'audit_log.export': null,
  'audit_log.verify': null,
  'authentication.change': 'authentication',
  'authentication.consent': 'authentication',
  'authentication.create': 'authentication',
  'authentication.remove': 'authentication',
  'authentication.replace_secret': 'authentication',
  'configuration.change': 'configuration',
  'configuration.create': 'configuration',
  'configuration.remove': 'configuration',
  'configuration_part.change': 'configuration',
  'configuration_part.create': 'configuration',
  'configuration_part.remove': 'configuration',
  'connection.change': 'connection',
  'connection.check': 'connection',
  'connection.create': 'connection',
  'connection.remove': 'connection',
  'connection.try': null,
  'connector.discover': null,
  'definition.change': 'connection',
  'definition.try': null,
  'desktop.change_settings': null,
  'destination.change': 'destination',
  'destination.change_mapping': 'destination',
  'destination.create': 'destination',
  'destination.make_columns': 'destination',
  'destination.preview_mapping': 'destination',
  'destination.remove': 'destination',
  'destination.steer': 'destination',
  'factor.add': 'self',
  'factor.begin': 'self',
  'factor.change': 'self',
  'factor.remove': 'self',
  'factor.renew_codes': 'self',
  'identity.link': 'self',
  'identity.remove': 'person',
  'identity.unlink': 'self',
  'interaction.handle': 'interaction',
  'interaction.run_workflow': 'interaction',
  'interaction_source.make': 'interaction_source',
  'interaction_source.remove': 'interaction_source',
  'invitation.accept': null,
  'invitation.create': 'person',
  'invitation.revoke': 'invitation',
  'key.create': 'key',
  'key.revoke': 'key',
  'linked_account.link': 'connection',
  'linked_account.unlink': 'connection',
  'parked.drop': 'parked',
  'parked.replay': 'parked',
  'person.activate': 'person',
  'person.change': 'person',
  'person.create': 'person',
  'person.erase': 'person',
  'person.let_in_frame': null,
  'person.remove': 'person',
  'person.reset': 'person',
  'person.set_owners': 'person',
  'person.sign_in': null,
  'person.sign_in_link': null,
  'person.sign_out': null,
  'person.suspend': 'person',
  'provider.change': 'provider',
  'provider.check': 'provider',
  'provider.create': 'provider',
  'provider.remove': 'provider',
  'push.change': 'connection',
  'push.read_address': 'connection',
  'push.read_package': 'connection',
  'push.renew_secret': 'connection',
  'record.look_up': 'record',
  'records.reindex': 'connection',
  'role.change': 'role',
  'role.create': 'role',
  'role.remove': 'role',
  'run.audit': 'connection',
  'run.request': 'connection',
  'run.steer': 'run',
  'secret.use': 'authentication',
  'session.end': 'person',
  'table.add': 'connection',
  'table.change': 'connection',
  'table.preview': 'connection',
  'team.add_member': 'team',
  'team.change': 'team',
  'team.create': 'team',
  'team.remove': 'team',
  'team.remove_member': 'team',
  'write.cancel': 'write',
  'write.deliver': 'record',
  'write.keep': 'record',
  'write.retry': 'write',
  'write.settle': 'write',
} as const satisfies Record<string, string | null>

export type ActName = keyof typeof acts
export const actNames = Object.keys(acts) as ActName[]

export const outcomes = ['begun', 'done', 'refused', 'failed'] as const
/** `begun` alone: the hub ended before the outcome was known, or it is still under way. */
export type Outcome = (typeof outcomes)[number]

export const actorKinds = ['person', 'key', 'operator', 'hub', 'nobody'] as const

/** Who acts: a person, a program by its key, whoever sits at the machine, the hub itself, a stranger. */
export interface Actor {
  kind: (typeof actorKinds)[number]
  id: string
}

export const theHub: Actor = { kind: 'hub', id: 'hub' }
export const theOperator: Actor = { kind: 'operator', id: 'operator' }
export const nobody: Actor = { kind: 'nobody', id: 'nobody' }

/** Whose values an actor's name and address are: the owner of the key that seals them. Null for the hub itself. */
export function ownerOf({ kind, id }: Actor): string | null {
  if (kind === 'hub') return null
  if (kind === 'key') return `key:${id}`
  return `person:${id}`
}

export interface Subject {
  kind: string
  id: string
}

export type Detail = string | number | boolean | null | readonly Detail[] | { readonly [name: string]: Detail }
export type Details = Readonly<Record<string, Detail>>

/** Values of persons by whose they are, such as `person:<id>`: each owner's are sealed under a key of their own. */
export type Personal = Readonly<Record<string, Readonly<Record<string, string>>>>

/** One act, as it is to be written. */
export interface Act {
  actor: Actor
  sessionId?: string | null
  act: ActName
  subject?: Subject | null
  outcome: Outcome
  /** The id of the row that this is the outcome of. */
  begun?: string
  /** No secret, and nothing that tells of a person but ids. */
  details?: Details
  personal?: Personal
}
