import { Button, Input } from '@fluentui/react-components'
import { Dismiss16Regular } from '@fluentui/react-icons/svg/dismiss'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AuditedAct } from '../../api/audit-log.ts'
import { connectionsQuery } from '../../api/connections.ts'
import { keysQuery } from '../../api/keys.ts'
import { useMay } from '../../api/session.ts'
import { humanise } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import {
  fromField,
  isFiltered,
  noFilter,
  outcomes,
  type ShownFilter,
  type Span,
  spanMs,
  toField,
} from './filter-state.ts'
import styles from './filters.module.css'
import { type Choice, type ChoiceGroup, MenuChip } from './menu-chip.tsx'
import { useActWords } from './use-act-words.ts'

interface FilterProps {
  filter: ShownFilter
  onChange(part: Partial<ShownFilter>): void
  /** What is listed: it knows who is behind an id. */
  acts: readonly AuditedAct[]
}

/** Who, what, to what, with which outcome, when: each a chip with its choices. */
export function Filters({ filter, onChange, acts }: FilterProps) {
  const { t } = useText()
  const w = t.auditLog.filter
  const [between, setBetween] = useState(false)
  const showsTimes = between || filter.from !== null || filter.to !== null
  return (
    <fieldset className={styles.filters}>
      <legend className={styles.legend}>{w.label}</legend>
      <WhoChip filter={filter} onChange={onChange} acts={acts} />
      <ActChip filter={filter} onChange={onChange} acts={acts} />
      <SubjectChip filter={filter} onChange={onChange} acts={acts} />
      <MenuChip
        name={w.outcome}
        any={w.anyOutcome}
        value={filter.outcome}
        groups={[{ choices: outcomes.map((value) => ({ value, text: t.auditLog.outcome[value]! })) }]}
        onPick={(outcome) => onChange({ outcome: outcome as ShownFilter['outcome'] })}
      />
      <TimeChip filter={filter} onChange={onChange} onBetween={setBetween} />
      {isFiltered(filter) || showsTimes ? (
        <Button
          size="small"
          appearance="subtle"
          icon={<Dismiss16Regular />}
          onClick={() => {
            setBetween(false)
            onChange(noFilter)
          }}
        >
          {w.clear}
        </Button>
      ) : null}
      {showsTimes ? <Times filter={filter} onChange={onChange} /> : null}
    </fieldset>
  )
}

function WhoChip({ filter, onChange, acts }: FilterProps) {
  const { t } = useText()
  const w = t.auditLog
  const words = useActWords()
  const may = useMay('manage:keys')
  const { data: keys } = useQuery({ ...keysQuery, enabled: may })
  const people = new Map<string, Choice>()
  for (const { actor, erased } of acts) {
    if (actor.kind === 'person' && !people.has(actor.id))
      people.set(actor.id, { value: actor.id, text: words.who(actor, erased) })
  }
  const programs = new Map((keys ?? []).map(({ id, name }): [string, Choice] => [id, { value: id, text: name }]))
  for (const { actor } of acts) {
    if (actor.kind === 'key' && actor.name) programs.set(actor.id, { value: actor.id, text: actor.name })
  }
  const fixed = ['operator', 'hub', 'nobody'].map((kind) => ({ value: kind, text: w.who[kind]! }))
  const groups: ChoiceGroup[] = [
    { title: w.filter.people, choices: [...people.values()] },
    { title: w.filter.keys, choices: [...programs.values()].sort(byText) },
    { title: w.filter.others, choices: fixed },
  ]
  return (
    <MenuChip
      name={w.filter.who}
      any={w.filter.anyone}
      unnamed={w.filter.someone}
      value={filter.actor}
      groups={groups}
      onPick={(actor) => onChange({ actor })}
    />
  )
}

function ActChip({ filter, onChange }: FilterProps) {
  const { t } = useText()
  const w = t.auditLog
  const { label } = useActWords()
  const choices = Object.keys(w.acts).map((value) => ({ value, text: label(value) }))
  return (
    <MenuChip
      name={w.filter.act}
      any={w.filter.anything}
      unnamed={filter.act ? humanise(filter.act) : ''}
      value={filter.act}
      groups={[{ choices: choices.sort(byText) }]}
      onPick={(act) => onChange({ act })}
    />
  )
}

function SubjectChip({ filter, onChange, acts }: FilterProps) {
  const { t } = useText()
  const w = t.auditLog
  const words = useActWords()
  const mayStatus = useMay('read:status')
  const mayKeys = useMay('manage:keys')
  const { data: connections = [] } = useQuery({ ...connectionsQuery, enabled: mayStatus })
  const { data: keys = [] } = useQuery({ ...keysQuery, enabled: mayKeys })
  const toChoice = ({ id, name }: { id: string; name: string }) => ({ value: id, text: name })
  const groups: ChoiceGroup[] = [
    { title: t.nav.connections, choices: connections.map(toChoice).sort(byText) },
    { title: w.filter.keys, choices: keys.map(toChoice).sort(byText) },
  ]
  // Come to by a link of an act: whatever it is, its kind is known at least.
  const act = acts.find(({ subject }) => subject?.id === filter.subject)
  const kind = act?.subject ? (w.subjectKind[act.subject.kind] ?? humanise(act.subject.kind)) : w.filter.something
  return (
    <MenuChip
      name={w.filter.subject}
      any={w.filter.anything}
      unnamed={(act && words.subject(act)) ?? kind}
      value={filter.subject}
      groups={groups}
      onPick={(subject) => onChange({ subject })}
    />
  )
}

const betweenTimes = 'between'

function TimeChip(props: Omit<FilterProps, 'acts'> & { onBetween(on: boolean): void }) {
  const { t, f } = useText()
  const w = t.auditLog.filter
  const { span, from, to } = props.filter
  const said = [from ? w.sinceTime(f.moment(from)) : null, to ? w.untilTime(f.moment(to)) : null]
  const stands = from !== null || to !== null
  return (
    <MenuChip
      name={w.time}
      any={w.anyTime}
      unnamed={said.filter((one) => one !== null).join(' ')}
      value={span ?? (stands ? '' : null)}
      groups={[
        { choices: Object.keys(spanMs).map((value) => ({ value, text: w.spans[value]! })) },
        { choices: [{ value: betweenTimes, text: w.between }] },
      ]}
      onPick={(value) => {
        props.onBetween(value === betweenTimes)
        if (value === betweenTimes) props.onChange({ span: null })
        else props.onChange({ span: value as Span | null, from: null, to: null })
      }}
    />
  )
}

function Times({ filter, onChange }: Omit<FilterProps, 'acts'>) {
  const { t } = useText()
  const w = t.auditLog.filter
  return (
    <div className={styles.times}>
      {(['from', 'to'] as const).map((end) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the field stands inside
        <label key={end} className={styles.time}>
          <span>{end === 'from' ? w.since : w.until}</span>
          <Input
            type="datetime-local"
            size="small"
            value={toField(filter[end])}
            onChange={(_, { value }) => onChange({ [end]: fromField(value), span: null })}
          />
        </label>
      ))}
    </div>
  )
}

const byText = (a: Choice, b: Choice) => a.text.localeCompare(b.text)
