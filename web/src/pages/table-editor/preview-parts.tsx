import type {
  FieldDifference,
  KeyDifference,
  ScopeDifference,
  TableChange,
  TableDetail,
  TablePreview,
} from '../../api/tables.ts'
import { Tag } from '../../parts/badge.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import { FieldValue } from '../records/field-value.tsx'
import { useColumns, useFieldTitle } from './context.tsx'
import { filterSentence } from './filter-sentence.ts'
import styles from './preview.module.css'

interface Shown {
  preview: TablePreview
  table: TableDetail
  change: TableChange
}

/** What a change adds and drops, each figure with an example of it. */
export function PreviewParts(props: Shown) {
  const { t } = useText()
  const { preview, change } = props
  const { phones, emails, relations, names } = preview
  const keys: [string, KeyDifference][] = [
    [t.editor.roles.phones, phones],
    [t.editor.roles.emails, emails],
    [t.editor.roles.relations, relations],
  ]
  const touched = keys.filter(([, key]) => key.gained + key.lost > 0)
  return (
    <div className={styles.parts}>
      {preview.looked < preview.held ? (
        <p className={styles.sampled}>{t.editor.preview.sampled(preview.looked, preview.held)}</p>
      ) : null}
      {preview.scope ? <Scope {...props} scope={preview.scope} /> : null}
      {preview.fields.length > 0 ? (
        <Part title={t.editor.preview.fields}>
          <ul className={styles.fields}>
            {preview.fields.map((field) => (
              <FieldLine key={field.field} field={field} {...props} />
            ))}
          </ul>
        </Part>
      ) : null}
      {touched.length > 0 || names.differing > 0 ? (
        <Part title={t.editor.preview.found}>
          {touched.map(([title, key]) => (
            <KeyLine key={title} title={title} difference={key} showsKeys={key !== relations} />
          ))}
          {names.differing > 0 ? (
            <div className={styles.key}>
              <p>
                <strong>{t.editor.roles.name}</strong> {t.editor.preview.renamed(names.differing)}
              </p>
              {names.examples.slice(0, 2).map(({ record, before, after }) => (
                <Change key={record.id} before={String(before ?? '–')} after={String(after ?? '–')} />
              ))}
            </div>
          ) : null}
        </Part>
      ) : null}
      <Part title={t.editor.preview.onSave}>
        <Consequences preview={preview} change={change} table={props.table} />
      </Part>
    </div>
  )
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className={styles.part}>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Scope({ preview, table, change, scope }: Shown & { scope: ScopeDifference }) {
  const { t, f } = useText()
  const columns = useColumns(table.fields)
  const whole = Math.max(1, scope.stay + scope.leave + scope.enter + scope.unknown)
  const bars = [
    ['stay', scope.stay],
    ['enter', scope.enter],
    ['unknown', scope.unknown],
    ['leave', scope.leave],
  ] as const
  const named = (list: ScopeDifference['leaving']) => f.list(list.map((record) => record.name ?? t.records.noName))
  return (
    <Part title={t.editor.preview.rows}>
      <p className={styles.sentence}>{filterSentence(change.filter ?? null, t.editor.sentence, columns)}</p>
      <div className={styles.bar} aria-hidden="true">
        {bars.map(([kind, count]) =>
          count > 0 ? <span key={kind} data-kind={kind} style={{ flexGrow: count / whole }} /> : null,
        )}
      </div>
      <ul className={styles.counts}>
        {bars.map(([kind, count]) =>
          count > 0 ? (
            <li key={kind} data-kind={kind}>
              {t.editor.preview.scope[kind](count)}
            </li>
          ) : null,
        )}
        {preview.looked === 0 ? <li>{t.editor.preview.nothingHeld}</li> : null}
      </ul>
      {scope.missing.length > 0 ? (
        <p className={styles.note}>{t.editor.preview.missing(f.list(scope.missing.map(columns.label)))}</p>
      ) : null}
      {scope.leaving.length > 0 ? (
        <p className={styles.note}>{t.editor.preview.leaving(named(scope.leaving))}</p>
      ) : null}
      {scope.entering.length > 0 ? (
        <p className={styles.note}>{t.editor.preview.entering(named(scope.entering))}</p>
      ) : null}
      <CrmCount scope={scope} held={preview.held} />
    </Part>
  )
}

/** What the hub does not hold only the CRM can count, and not every CRM does. */
function CrmCount({ scope, held }: { scope: ScopeDifference; held: number }) {
  const { t } = useText()
  const { fromProblem } = useProblem()
  const { crm } = scope
  if (crm?.problem) {
    return <p className={styles.note}>{t.editor.preview.crmSilent(fromProblem(crm.problem).what)}</p>
  }
  if (!crm || crm.after === null) return <p className={styles.note}>{t.editor.preview.crmUnknown}</p>
  const known = scope.stay + scope.enter
  const more = held > 0 && scope.unknown === 0 && crm.after > known ? t.editor.preview.crmMore(crm.after - known) : ''
  return (
    <p className={styles.crm}>
      {crm.before === null ? t.editor.preview.crmAfter(crm.after) : t.editor.preview.crm(crm.before, crm.after)} {more}
    </p>
  )
}

function FieldLine({ field, table, preview }: Shown & { field: FieldDifference }) {
  const { t } = useText()
  const columns = useColumns(table.fields)
  const title = useFieldTitle(table)
  const { before, after, change } = field
  const unread = after !== null && preview.columns.added.includes(after.from)
  const tone = change === 'removed' ? 'bad' : change === 'added' ? 'ok' : 'warn'
  return (
    <li className={styles.field}>
      <p>
        <strong>{title(field.field)}</strong> <Tag tone={tone}>{t.editor.states[change]}</Tag>{' '}
        <span className={styles.from}>
          {before ? columns.label(before.from) : null}
          {before && after ? ' → ' : null}
          {after ? columns.label(after.from) : null}
        </span>
      </p>
      <p className={styles.note}>{unread ? t.editor.preview.firstRead : t.editor.preview.differing(field.differing)}</p>
      {unread
        ? null
        : field.examples.map(({ record, before: from, after: to }) => (
            <Change
              key={record.id}
              who={record.name ?? t.records.noName}
              before={<FieldValue value={from} type={before?.type} relations={[]} />}
              after={<FieldValue value={to} type={after?.type} relations={[]} />}
            />
          ))}
    </li>
  )
}

function Change({ who, before, after }: { who?: string; before: React.ReactNode; after: React.ReactNode }) {
  const { t } = useText()
  return (
    <dl className={styles.change}>
      {who ? <dt className={styles.who}>{who}</dt> : null}
      <dd className={styles.before} title={t.record.before}>
        {before}
      </dd>
      <dd aria-hidden="true">→</dd>
      <dd className={styles.after} title={t.record.after}>
        {after}
      </dd>
    </dl>
  )
}

function KeyLine({ title, difference, showsKeys }: { title: string; difference: KeyDifference; showsKeys: boolean }) {
  const { t, f } = useText()
  const { before, after, gained, lost, unread, examples } = difference
  const text = (list: unknown) => (Array.isArray(list) && list.length > 0 ? list.join(', ') : '–')
  return (
    <div className={styles.key}>
      <p>
        <strong>{title}</strong> {f.count(before)} → {f.count(after)}{' '}
        {gained > 0 ? <span className={styles.gained}>{t.editor.preview.gained(gained)}</span> : null}{' '}
        {lost > 0 ? <span className={styles.lost}>{t.editor.preview.lost(lost)}</span> : null}
      </p>
      {unread > 0 ? <p className={styles.note}>{t.editor.preview.unread(unread)}</p> : null}
      {showsKeys
        ? examples
            .slice(0, 2)
            .map((example) => (
              <Change
                key={example.record.id}
                who={example.record.name ?? t.records.noName}
                before={text(example.before)}
                after={text(example.after)}
              />
            ))
        : null}
    </div>
  )
}

function Consequences({ preview, change, table }: Shown) {
  const { t, f } = useText()
  const columns = useColumns(table.fields)
  const { added, removed } = preview.columns
  const enabled = change.enabled ?? table.enabled
  const lines = [
    change.enabled === true ? t.editor.preview.switchedOn : null,
    change.enabled === false ? t.editor.preview.switchedOff : null,
    change.scheduleSeconds === undefined ? null : t.editor.preview.schedule(f.span(change.scheduleSeconds)),
    added.length > 0 ? t.editor.preview.columnsAdded(f.list(added.map(columns.label))) : null,
    removed.length > 0 ? t.editor.preview.columnsRemoved(f.list(removed.map(columns.label))) : null,
    preview.reread ? (enabled ? t.editor.preview.willReread : t.editor.preview.rereadWhenOn) : null,
    preview.rederive ? t.editor.preview.willRemake(preview.held) : null,
  ].filter((line) => line !== null)
  return (
    <ul className={styles.then}>
      {(lines.length > 0 ? lines : [t.editor.preview.nothing]).map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
