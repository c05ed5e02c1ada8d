import { useQuery } from '@tanstack/react-query'
import type { AuditedAct } from '../../api/audit-log.ts'
import { authenticationsQuery } from '../../api/authentications.ts'
import { connectionsQuery } from '../../api/connections.ts'
import { destinationsQuery } from '../../api/destinations.ts'
import { keysQuery } from '../../api/keys.ts'
import { peopleQuery } from '../../api/people.ts'
import { useMay } from '../../api/session.ts'
import { teamsQuery } from '../../api/teams.ts'
import { humanise, useNames } from '../../parts/names.ts'
import { useRoleWords } from '../../parts/role-words.ts'
import type { Text } from '../../text/en.ts'
import { useText } from '../../text/use-text.tsx'
import { agentName } from './agent.ts'

/** Names of things by their ids, as far as who looks may see them; null: unknown, or gone since. */
function useSubjectNames(): (kind: string, id: string) => string | null {
  const mayStatus = useMay('read:status')
  const mayKeys = useMay('manage:keys')
  const { data: authentications } = useQuery({ ...authenticationsQuery, enabled: useMay('edit:integrations') })
  const { data: connections } = useQuery({ ...connectionsQuery, enabled: mayStatus })
  const { data: destinations } = useQuery({ ...destinationsQuery, enabled: mayStatus, refetchInterval: false })
  const mayPeople = useMay('manage:people')
  const { data: keys } = useQuery({ ...keysQuery, enabled: mayKeys })
  const { data: people } = useQuery({ ...peopleQuery, enabled: mayPeople })
  const { data: teams } = useQuery({ ...teamsQuery, enabled: mayPeople })
  const role = useRoleWords()
  return (kind, id) => {
    if (kind === 'connection') return connections?.find((one) => one.id === id)?.name ?? null
    if (kind === 'authentication') {
      const named = authentications?.find((one) => one.id === id)
      return named?.name ?? connections?.find((one) => one.authenticationId === id)?.name ?? null
    }
    if (kind === 'destination') return destinations?.find((one) => one.id === id)?.connectionName ?? null
    if (kind === 'role') return role.known(id)
    if (kind === 'team') return teams?.find((one) => one.id === id)?.name ?? null
    if (kind === 'person') return people?.find((one) => one.id === id)?.name ?? null
    if (kind === 'key') return keys?.find((one) => one.id === id)?.name ?? null
    return null
  }
}

export interface ActWords {
  who(actor: AuditedAct['actor'], erased: boolean): string
  /** The name of what it was done to; null where none is known. */
  subject(act: AuditedAct): string | null
  /** The sentence after who: its words, with the subject's name marked. */
  deed(act: AuditedAct): { text: string; isName: boolean }[]
  /** What else tells in a few words: what was found, how often, why not. */
  asides(act: AuditedAct): string[]
  from(act: AuditedAct): string | null
  /** An act as a choice among others. */
  label(act: string): string
  reason(act: AuditedAct): { what: string; mend: string } | null
}

export function useActWords(): ActWords {
  const { t } = useText()
  const names = useNames()
  const nameOf = useSubjectNames()
  const w = t.auditLog
  const subject = ({ subject: to, details }: AuditedAct) => {
    if (to === null) return null
    const connection =
      to.kind === 'authentication' && typeof details.connection === 'string' ? details.connection : null
    return to.name ?? (connection && nameOf('connection', connection)) ?? nameOf(to.kind, to.id)
  }
  return {
    subject,
    who: (actor, erased) => {
      const isPerson = actor.kind === 'person'
      // Of the machine's operator and the hub the kind says who it is.
      if (actor.kind === 'operator' || actor.kind === 'hub' || actor.kind === 'nobody') return w.who[actor.kind]!
      return actor.name ?? (isPerson && erased ? w.who.erased! : (w.who[actor.kind] ?? humanise(actor.kind)))
    },
    deed: (act) => deedOf(act, subject(act), t),
    asides: (act) => asidesOf(act, { t, names }),
    from: ({ from }) => {
      if (from === null) return null
      if (from.agent === null) return w.from(from.address)
      const { program, system } = agentName(from.agent)
      return w.fromWith(from.address, system === null ? program : w.agentOn(program, system))
    },
    label: (act) => capital(filled(w.acts[act]?.tried ?? humanise(act), '', w.unnamed[usualSubject(act)]!)),
    reason: ({ details }) => (typeof details.code === 'string' ? (t.problems[details.code] ?? null) : null),
  }
}

/** What acts of that name are done to, where none is known. */
const usualSubject = (act: string) => (/^(person|session|invitation)\./.test(act) ? 'person' : 'connection')

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const filled = (template: string, name: string, what: string) =>
  template.replace('{name}', name).replace('{what}', what).replace(/\s+/g, ' ').trim()

const mark = '\u0000'

function deedOf(act: AuditedAct, name: string | null, t: Text): { text: string; isName: boolean }[] {
  const w = t.auditLog
  const known = w.acts[act.act] ?? { done: humanise(act.act), tried: humanise(act.act) }
  const isDone = act.outcome === 'done'
  const template = lookUpWords(act, isDone ? known.done : known.tried, t)
  const unnamed = w.unnamed[act.subject?.kind ?? usualSubject(act.act)] ?? ''
  const marked = name === null ? null : `${mark}${name}${mark}`
  const text = filled(template, marked ?? '', marked ?? unnamed)
  // What a mark surrounds stands at the odd places.
  const parts = `${isDone ? '' : `${w.wanted} `}${text}`.split(mark)
  return parts.map((part, index) => ({ text: part, isName: index % 2 === 1 })).filter((part) => part.text !== '')
}

/** `somebody` says less than what is known of a look-up: the kind of what was looked up. */
function lookUpWords({ act, details }: AuditedAct, template: string, t: Text): string {
  if (act !== 'record.look_up') return template
  const { lookedUp } = t.auditLog
  const kind =
    details.by === 'phone' && typeof details.ends === 'string'
      ? lookedUp.phone(details.ends)
      : details.by === 'email'
        ? lookedUp.email
        : details.by === 'name'
          ? lookedUp.name
          : null
  return kind === null ? template : `${template}: ${kind}`
}

interface Speech {
  t: Text
  names: ReturnType<typeof useNames>
}

function asidesOf({ act, details, result, outcome }: AuditedAct, { t, names }: Speech): string[] {
  const w = t.auditLog
  const { entity, operation, table, times, code, acts, format, ok } = details
  const said: (string | null)[] = [
    typeof details.act === 'string' ? (w.how[details.act] ?? humanise(details.act)) : null,
    typeof operation === 'string' ? (t.operation[operation as keyof Text['operation']] ?? null) : null,
    typeof entity === 'string' ? names.many(entity) : null,
    typeof table === 'string' ? table : null,
    typeof result?.matches === 'number' ? w.matches(result.matches) : null,
    typeof acts === 'number' ? w.exported(acts) : null,
    typeof format === 'string' ? format.toUpperCase() : null,
    act === 'audit_log.verify' && typeof ok === 'boolean' ? (ok ? w.foundSound : w.foundBroken) : null,
    typeof times === 'number' && times > 1 ? w.times(times) : null,
    outcome !== 'done' && typeof code === 'string' ? reasonText(code, t) : null,
  ]
  return said.filter((one) => one !== null)
}

const reasonText = (code: string, t: Text) => t.problems[code]?.what ?? humanise(code)
