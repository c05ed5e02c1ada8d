import { useQueries } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { AuditedAct } from '../../api/audit-log.ts'
import { recordQuery } from '../../api/records.ts'
import { useMay } from '../../api/session.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import link from '../../parts/link.module.css'
import { humanise, useNames } from '../../parts/names.ts'
import { Pair, Pairs } from '../../parts/page.tsx'
import { usePermissionWords } from '../../parts/permission-words.ts'
import { useRoleWords } from '../../parts/role-words.ts'
import { RelativeTime } from '../../parts/time.tsx'
import type { Text } from '../../text/en.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './act-row.module.css'
import type { Ending } from './ending.ts'
import { noFilter, toSearch } from './filter-state.ts'
import type { ActWords } from './use-act-words.ts'

/** Everything that is written of an act, and the ways on from it. */
export function ActDetails({ act, words, ending }: { act: AuditedAct; words: ActWords; ending: Ending }) {
  const { t, f } = useText()
  const w = t.auditLog
  return (
    <div className={styles.details}>
      <Pairs>
        <Pair name={w.fold.when}>
          {f.exact(act.at)} (<RelativeTime at={act.at} />)
        </Pair>
        <Pair name={w.fold.who}>
          {words.who(act.actor, act.erased)}
          {act.actor.kind === 'key' ? ` · ${w.byKey}` : null}
        </Pair>
        <FromPair act={act} />
        <SubjectPair act={act} words={words} />
        <Pair name={w.fold.outcome}>
          <OutcomeText act={act} ending={ending} words={words} />
        </Pair>
        <Found act={act} />
        {Object.entries(act.details).map(([name, value]) => (
          <Pair key={name} name={w.detail[name] ?? humanise(name)}>
            <DetailValue name={name} value={value} />
          </Pair>
        ))}
        {act.erased ? <Pair name={w.erased}>{w.erasedText}</Pair> : null}
        <Pair name={w.fold.id}>
          <code className={styles.code}>{act.id}</code> <code className={styles.code}>{act.act}</code>
        </Pair>
      </Pairs>
      <Ways act={act} words={words} />
    </div>
  )
}

/** Look-ups and acts of the hub itself are written without it. */
function FromPair({ act: { actor, from, erased } }: { act: AuditedAct }) {
  const { t } = useText()
  const w = t.auditLog
  const instead = actor.kind === 'operator' ? w.fold.noAddress : erased ? w.erased : null
  if (from === null && instead === null) return null
  return (
    <Pair name={w.fold.from}>
      {from?.address ?? instead}
      {from?.agent ? <span className={styles.agent}>{from.agent}</span> : null}
    </Pair>
  )
}

function OutcomeText({ act, ending, words }: { act: AuditedAct; ending: Ending; words: ActWords }) {
  const { t } = useText()
  const w = t.auditLog
  if (ending === 'under way') return `${w.underWay}. ${w.underWayText}`
  if (ending === 'cut short') return `${w.cutShort}. ${w.cutShortText}`
  if (ending === 'begun') return `${w.outcome.begun}. ${w.unknownText}`
  const reason = words.reason(act)
  return [w.outcome[ending], reason?.what].filter(Boolean).join(' · ')
}

function SubjectPair({ act, words }: { act: AuditedAct; words: ActWords }) {
  const { t } = useText()
  const { subject } = act
  if (subject === null) return null
  const kind = t.auditLog.subjectKind[subject.kind] ?? humanise(subject.kind)
  const name = words.subject(act)
  return (
    <Pair name={t.auditLog.fold.to}>
      {subject.kind === 'record' ? <RecordNames ids={[subject.id]} /> : (name ?? kind)}
      {name !== null || subject.kind === 'record' ? ` · ${kind}` : null}{' '}
      <code className={styles.code}>{subject.id}</code>
    </Pair>
  )
}

/** What a look-up found. */
function Found({ act }: { act: AuditedAct }) {
  const { t } = useText()
  if (act.result === null) return null
  const { matches, records } = act.result
  const ids = Array.isArray(records) ? records.filter((id) => typeof id === 'string') : []
  return (
    <Pair name={t.auditLog.fold.found}>
      {typeof matches === 'number' ? t.auditLog.matches(matches) : null}
      {ids.length > 0 ? ': ' : null}
      <RecordNames ids={ids} />
    </Pair>
  )
}

/** Asked for only when an act is folded out, and by who may read records. */
function RecordNames({ ids }: { ids: string[] }) {
  const { t, f } = useText()
  const may = useMay('read:records')
  const found = useQueries({ queries: ids.map((id) => ({ ...recordQuery(id), enabled: may, retry: false })) })
  if (!may) return f.list(ids)
  return ids.map((id, index) => (
    <span key={id}>
      {index > 0 ? ', ' : null}
      {found[index]?.isError ? (
        <code className={styles.code}>{id}</code>
      ) : (
        <Link to={`/records/${id}`} className={link.coloured}>
          {found[index]?.data?.name ?? t.records.noName}
        </Link>
      )}
    </span>
  ))
}

function DetailValue({ name, value }: { name: string; value: unknown }) {
  const { t, f } = useText()
  const names = useNames()
  const permissions = usePermissionWords()
  const roles = useRoleWords()
  const text = valueText(name, value, {
    t,
    count: f.count,
    many: names.many,
    permission: permissions.name,
    role: roles.name,
  })
  return isIdLike(text) ? <code className={styles.code}>{text}</code> : text
}

const isIdLike = (text: string) => /^[0-9a-f-]{32,}$/i.test(text)

interface Speech {
  t: Text
  count(n: number): string
  many(entity: string): string
  permission(name: string): string
  role(id: string): string
}

function valueText(name: string, value: unknown, speech: Speech): string {
  const { t, count, many, permission, role } = speech
  if (value === null) return '–'
  if (typeof value === 'boolean') return value ? t.record.yes : t.record.no
  if (typeof value === 'number') return count(value)
  if (Array.isArray(value)) return value.map((one) => valueText(name, one, speech)).join(', ')
  if (typeof value !== 'string') return JSON.stringify(value)
  if (name === 'entity') return many(value)
  if (name === 'scopes' || name === 'permissions') return permission(value)
  if (name === 'roles' || name === 'role' || name === 'copyOf') return role(value)
  const known: Partial<Record<string, Record<string, string>>> = {
    operation: t.operation,
    state: t.state,
    kind: t.runKind,
    act: t.auditLog.how,
    by: { phone: t.records.phone, email: t.records.email, name: t.records.name },
  }
  return known[name]?.[value] ?? value
}

const homes: Record<string, (id: string) => string> = {
  connection: (id) => `/connections/${id}`,
  record: (id) => `/records/${id}`,
  run: (id) => `/runs/${id}`,
  key: () => '/keys',
  person: (id) => `/people/${id}`,
  role: (id) => `/roles/${id}`,
  team: (id) => `/teams/${id}`,
  destination: () => '/destinations',
}

/** Where one goes from an act: to what it was done to, and to the acts beside it. */
function Ways({ act, words }: { act: AuditedAct; words: ActWords }) {
  const { t } = useText()
  const w = t.auditLog.only
  const { subject, actor } = act
  const home = subject && act.act !== 'connection.remove' ? homes[subject.kind]?.(subject.id) : undefined
  const to = (part: Partial<typeof noFilter>) => `/audit-log?${new URLSearchParams(toSearch({ ...noFilter, ...part }))}`
  return (
    <div className={styles.ways}>
      {home ? (
        <Link className={link.coloured} to={home}>
          {w.open}
        </Link>
      ) : null}
      {subject ? (
        <Link className={link.coloured} to={to({ subject: subject.id })}>
          {w.subject}
        </Link>
      ) : null}
      <Link className={link.coloured} to={to({ actor: actor.id })}>
        {w.actor(words.who(actor, act.erased))}
      </Link>
      <Link className={link.coloured} to={to({ act: act.act })}>
        {w.act}
      </Link>
      <CopyButton text={JSON.stringify(act, null, 2)} label={t.auditLog.fold.copy} />
    </div>
  )
}
