import { plannedActivity } from './plan-activity.ts'
import {
  emptyTarget,
  fillRows,
  type Part,
  type PlanInput,
  type PlannedTarget,
  partsOf,
  type Subject,
} from './planned-target.ts'

/**
 * What an interaction is to have written, as a function of what is known of it and nothing else: the same again is the
 * same. Nothing linked: nothing.
 */
export function planMemorial(input: PlanInput): PlannedTarget[] {
  if (input.linked.length === 0) return []
  const parts = partsOf(input)
  const activity = plannedActivity(input, parts)
  const records = uniqueSubjects([
    ...subjectsFor(input.linked, parts, 'linked'),
    ...subjectsFor(input.related, parts, 'related'),
  ]).map((subject) => plannedRecord(input, parts, subject))
  return [...(activity ? [activity] : []), ...records]
}

const subjectsFor = (subjects: readonly Subject[], parts: readonly Part[], target: 'linked' | 'related') =>
  subjects.filter(({ entity }) => parts.some((part) => part.target === target && part.entity === entity))

const uniqueSubjects = (subjects: readonly Subject[]) => [
  ...new Map(subjects.map((subject) => [subject.recordId, subject])).values(),
]

function plannedRecord(input: PlanInput, parts: readonly Part[], subject: Subject): PlannedTarget {
  const isLinked = input.linked.some(({ recordId }) => recordId === subject.recordId)
  const rows = parts
    .filter(({ entity, target }) => entity === subject.entity && target === (isLinked ? 'linked' : 'related'))
    .flatMap((part) => part.rows)
  const planned = emptyTarget(subject.recordId, subject.entity, subject)
  fillRows(input, planned, rows)
  return planned
}
