import { Button, Select } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { Dismiss16Regular } from '@fluentui/react-icons/svg/dismiss'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { permissionsQuery } from '../../api/roles.ts'
import { useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import { type Draft, type Drafting, type Kind, rightOf, withRight } from './draft.ts'
import { HiddenFields } from './hidden-fields.tsx'
import { KindFinder } from './kind-finder.tsx'
import styles from './kind-rights.module.css'
import { type Permission, type Reach, reaches } from './permission-groups.ts'

interface KindProps {
  drafting: Drafting
  fixed: boolean
  kind: Kind
}

/** How far reading and writing reach, and what stays hidden: of every kind of record, and of those that are set apart. */
export function KindRights({ drafting, fixed }: { drafting: Drafting; fixed: boolean }) {
  const { t } = useText()
  const { draft, put } = drafting
  const [finding, setFinding] = useState(false)
  const kinds: Kind[] = [...draft.entities.map(({ entity }) => entity), null]
  return (
    <Section
      title={t.rolePage.records}
      text={t.rolePage.recordsText}
      actions={
        fixed ? null : (
          <Button size="small" icon={<Add16Regular />} onClick={() => setFinding(true)}>
            {t.rolePage.addKind}
          </Button>
        )
      }
    >
      <table className={styles.kinds} aria-label={t.rolePage.records}>
        <thead>
          <tr>
            <th scope="col">{t.rolePage.kind}</th>
            <th scope="col">{t.rolePage.reads}</th>
            <th scope="col">{t.rolePage.writes}</th>
            <th scope="col">{t.rolePage.hidden}</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <KindRow key={kind ?? '*'} drafting={drafting} fixed={fixed} kind={kind} />
          ))}
        </tbody>
      </table>
      <MissingPermissions draft={draft} />
      {finding ? (
        <KindFinder
          without={draft.entities.map(({ entity }) => entity)}
          onPick={(entity) => put({ entities: [...draft.entities, { entity, ...draft.others }] })}
          onClose={() => setFinding(false)}
        />
      ) : null}
    </Section>
  )
}

function KindRow({ drafting, fixed, kind }: KindProps) {
  const { t } = useText()
  const names = useNames()
  const { draft, put } = drafting
  const alone = draft.entities.length === 0
  const name = kind === null ? (alone ? t.rolePage.everyKind : t.rolePage.others) : names.many(kind)
  const right = rightOf(draft, kind)
  return (
    <tr>
      <th scope="row">
        {name}
        {kind === null || fixed ? null : (
          <Button
            size="small"
            appearance="subtle"
            icon={<Dismiss16Regular />}
            aria-label={t.rolePage.dropKind(name)}
            title={t.rolePage.dropKind(name)}
            onClick={() => put({ entities: draft.entities.filter(({ entity }) => entity !== kind) })}
          />
        )}
      </th>
      {(['reads', 'writes'] as const).map((side) => (
        <td key={side} data-head={t.rolePage[side]}>
          {fixed ? (
            t.rolePage.reach[right[side]]
          ) : (
            <Select
              size="small"
              aria-label={`${name}: ${t.rolePage[side]}`}
              value={right[side]}
              onChange={(_, { value }) => put(withRight(draft, kind, { [side]: value as Reach }))}
            >
              {reaches.map((reach) => (
                <option key={reach} value={reach}>
                  {t.rolePage.reach[reach]}
                </option>
              ))}
            </Select>
          )}
        </td>
      ))}
      <td data-head={t.rolePage.hidden}>
        <HiddenFields
          kind={kind}
          name={name}
          fields={right.masked}
          fixed={fixed}
          onChange={(masked) => put(withRight(draft, kind, { masked }))}
        />
      </td>
    </tr>
  )
}

/** A reach without its permission lets nobody do anything: it is said where one would wonder. */
function MissingPermissions({ draft }: { draft: Draft }) {
  const { t, language } = useText()
  const { data = [] } = useQuery(permissionsQuery)
  const rights = [draft.others, ...draft.entities]
  const idle = (permission: Permission, side: 'reads' | 'writes') =>
    !draft.permissions.includes(permission) && rights.some((right) => right[side] !== 'none') ? [permission] : []
  const missing = [...idle('read:records', 'reads'), ...idle('write:records', 'writes')]
  return missing.map((permission) => (
    <p key={permission} className={styles.note} role="status">
      {t.rolePage.needs(data.find((one) => one.permission === permission)?.title[language] ?? permission)}
    </p>
  ))
}
