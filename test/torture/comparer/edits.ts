import type { Violation } from './records.ts'

/** Something that a person asked of the hub. */
export interface Asked {
  who: string
  /** As the audit log names it. */
  act: string
  /** To what it is done, by the same name; null: only the answer tells. */
  subject: string | null
  /** Milliseconds since the epoch. */
  sentAt: number
  answeredAt: number
  /** Null: no answer came, or one that says nothing of what became of it. */
  status: number | null
  code: string | null
}

/** A change of something that others change too. */
export interface Edit extends Asked {
  target: string
  /** What it sets, each value as text. */
  sets: Record<string, string>
  /** The version that it was made upon; null: upon whatever stands. */
  upon: string | null
  /** What its answer showed. */
  answer: Standing | null
  /** Whether it leaves its holder the permission that is given and taken; null: it does not touch that. */
  grants: boolean | null
  /** Whether it takes that permission, and is asked by its holder. */
  needsGrant: boolean
}

/** What stands: its values as text, and its version. */
export interface Standing {
  values: Record<string, string>
  version: string | null
}

export interface EditCase {
  target: string
  edits: readonly Edit[]
  before: Standing
  after: Standing
  /** Versions are whole numbers, one more with each change. */
  counts: boolean
}

export const isDone = ({ status }: Asked) => status !== null && status < 300
export const isUnknown = ({ status }: Asked) => status === null
const isRefused = (asked: Asked) => !isDone(asked) && !isUnknown(asked)

/** Each acknowledged edit is in force or was overwritten by a later one, whole, and by nobody who had not seen it. */
export function compareEdits(given: EditCase): Violation[] {
  const { target, edits, before, after, counts } = given
  const told = (kind: Violation['kind'], why: string): Violation => ({ kind, told: `${target}: ${why}` })
  const names = Object.keys(after.values)
  return [
    ...names.flatMap((name) => endOf(name, edits, before, after)).map((why) => told('lost', why)),
    ...mixtures(names, edits, after).map((why) => told('broken', why)),
    ...edits.flatMap(answerOf).map((why) => told('stale', why)),
    ...unseen(edits).map((why) => told('lost', why)),
    ...(counts ? counted(edits, before, after) : []).map((why) => told('lost', why)),
  ]
}

const said = ({ who, status, sets, upon }: Edit) =>
  `${JSON.stringify(sets).slice(0, 200)} by ${who}${upon === null ? '' : ` upon version ${upon}`} (${status ?? 'no answer'})`

/** Edits whose value may be the one that stands: nothing acknowledged was begun after their end. */
function possible(name: string, edits: readonly Edit[]): Edit[] {
  const ofName = edits.filter(({ sets }) => name in sets)
  const done = ofName.filter(isDone)
  const last = done.filter((edit) => !done.some((other) => other.sentAt > edit.answeredAt))
  return [...last, ...ofName.filter(isUnknown)]
}

function endOf(name: string, edits: readonly Edit[], before: Standing, after: Standing): string[] {
  const candidates = possible(name, edits)
  const stands = after.values[name]
  if (candidates.some(({ sets }) => sets[name] === stands)) return []
  if (!candidates.some(isDone) && before.values[name] === stands) return []
  const whose = edits.find(({ sets }) => sets[name] === stands)
  const how = !whose ? 'what nobody asked for' : isRefused(whose) ? `refused: ${said(whose)}` : `old: ${said(whose)}`
  return [`${name} is ${stands}, which is ${how}; acknowledged last: ${candidates.map(said).join('; ') || 'nothing'}`]
}

/** Of two edits that set the same two values one stands, not a value of each. */
function mixtures(names: readonly string[], edits: readonly Edit[], after: Standing): string[] {
  const owners = names.map((name) => edits.filter(({ sets }) => sets[name] === after.values[name]))
  return names.flatMap((name, n) =>
    names.slice(n + 1).flatMap((other, m) => {
      const [first, second] = [owners[n]!, owners[n + 1 + m]!]
      // A value that several edits set names none of them.
      if (first.length !== 1 || second.length !== 1 || first[0] === second[0]) return []
      const both = [first[0]!, second[0]!].every(({ sets }) => name in sets && other in sets)
      return both ? [`${name} of ${said(first[0]!)} stands beside ${other} of ${said(second[0]!)}`] : []
    }),
  )
}

/** Whoever is told that their edit is done is shown their edit. */
function answerOf(edit: Edit): string[] {
  const { answer, sets } = edit
  if (!isDone(edit) || answer === null) return []
  const others = Object.keys(sets).filter((name) => answer.values[name] !== sets[name])
  return others.map((name) => `${said(edit)} was answered with ${name} ${answer.values[name]}`)
}

/** Of the edits that were made upon one version, one at most is taken. */
function unseen(edits: readonly Edit[]): string[] {
  const upon = Map.groupBy(
    edits.filter((edit) => isDone(edit) && edit.upon !== null),
    ({ upon }) => upon,
  )
  return [...upon.values()]
    .filter((taken) => taken.length > 1)
    .map((taken) => `each was acknowledged, and the later saw nothing of the earlier: ${taken.map(said).join('; ')}`)
}

/** Each acknowledged edit made one version, and one that was made upon a version made the next. */
function counted(edits: readonly Edit[], before: Standing, after: Standing): string[] {
  const done = edits.filter(isDone)
  const open = edits.filter(isUnknown).length
  const made = Number(after.version) - Number(before.version)
  const wrong = made < done.length || made > done.length + open
  const jumps = done.filter(({ upon, answer }) => upon !== null && Number(answer?.version) !== Number(upon) + 1)
  return [
    ...(wrong ? [`${done.length} edits were acknowledged, ${open} unanswered, and ${made} versions made`] : []),
    ...jumps.map((edit) => `${said(edit)} made version ${edit.answer?.version}`),
  ]
}

/**
 * What a role gives or takes holds for its holder from the answer on. Such edits of the role are made upon a version, so
 * that one which was never answered can come no more once a later one is acknowledged.
 */
export function compareGrants(edits: readonly Edit[]): Violation[] {
  const grants = edits.filter((edit) => edit.grants !== null && !isRefused(edit))
  return edits.filter(({ needsGrant }) => needsGrant).flatMap((asked) => grantedTo(asked, grants))
}

function grantedTo(asked: Edit, grants: readonly Edit[]): Violation[] {
  if (asked.status === null) return []
  const last = grants.filter((edit) => isDone(edit) && edit.answeredAt < asked.sentAt).at(-1)
  if (!last || grants.some(({ sentAt }) => sentAt > last.sentAt && sentAt <= asked.answeredAt)) return []
  const isDenied = asked.code === 'auth.denied'
  if (isDenied !== last.grants) return []
  const after = asked.sentAt - last.answeredAt
  return [
    { kind: 'stale', told: `role of its holder: ${said(asked)}, ${after} ms after it was answered with ${said(last)}` },
  ]
}
