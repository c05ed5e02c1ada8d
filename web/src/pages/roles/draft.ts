import { useState } from 'react'
import type { Role, RoleChange } from '../../api/roles.ts'
import type { Right } from './permission-groups.ts'

/** What of a role people change. */
export type Draft = Pick<Role, 'name' | 'description' | 'permissions' | 'entities' | 'others'>

const draftOf = ({ name, description, permissions, entities, others }: Role): Draft => ({
  name,
  description,
  permissions,
  entities,
  others,
})

export interface Drafting {
  draft: Draft
  put(change: Partial<Draft>): void
  /** Upon the version that was looked at, so that nobody's change is overwritten unseen. */
  change: RoleChange | null
  begin(role: Role): void
}

export function useDraft(role: Role): Drafting {
  const [base, setBase] = useState(role)
  const [draft, setDraft] = useState(() => draftOf(role))
  const before = draftOf(base)
  const changed = Object.fromEntries(
    (Object.keys(before) as (keyof Draft)[])
      .filter((key) => canonical(draft[key]) !== canonical(before[key]))
      .map((key) => [key, draft[key]]),
  )
  return {
    draft,
    put: (change) => setDraft((now) => ({ ...now, ...change })),
    change: Object.keys(changed).length > 0 ? { ...changed, version: base.version } : null,
    begin: (next) => {
      setBase(next)
      setDraft(draftOf(next))
    },
  }
}

/** The order of a list says nothing here. */
function canonical(value: Draft[keyof Draft]): string {
  return Array.isArray(value)
    ? JSON.stringify([...value].map((one) => JSON.stringify(one)).sort())
    : JSON.stringify(value)
}

/** Null: of every kind that is not named. */
export type Kind = string | null

export const rightOf = (draft: Draft, kind: Kind): Right =>
  kind === null ? draft.others : (draft.entities.find(({ entity }) => entity === kind) ?? draft.others)

export function withRight(draft: Draft, kind: Kind, change: Partial<Right>): Partial<Draft> {
  if (kind === null) return { others: { ...draft.others, ...change } }
  return { entities: draft.entities.map((one) => (one.entity === kind ? { ...one, ...change } : one)) }
}
