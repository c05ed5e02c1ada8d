import type { AuditExportQuery, AuditedAct } from './contract/audit-log.ts'

type Format = AuditExportQuery['format']

export const contentTypes: Record<Format, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

const columns = [
  'time',
  'actor_kind',
  'actor_id',
  'actor_name',
  'session_id',
  'act',
  'subject_kind',
  'subject_id',
  'subject_name',
  'outcome',
  'address',
  'agent',
  'details',
  'result',
  'erased',
  'id',
]

/** The acts of each page as text. JSON is whole only when its last bracket has come. */
export async function* exported(pages: AsyncIterable<AuditedAct[]>, format: Format): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.map(csvCell).join(',')}\r\n`
  if (format === 'json') yield '['
  let first = true
  for await (const acts of pages) {
    if (acts.length === 0) continue
    if (format === 'csv') yield acts.map(csvRow).join('')
    else if (format === 'ndjson') yield acts.map((act) => `${JSON.stringify(act)}\n`).join('')
    else yield `${first ? '' : ','}${acts.map((act) => JSON.stringify(act)).join(',\n')}`
    first = false
  }
  if (format === 'json') yield ']\n'
}

function csvRow({ at, actor, subject, from, ...act }: AuditedAct): string {
  const cells = [
    ...[at, actor.kind, actor.id, actor.name, act.sessionId, act.act],
    ...[subject?.kind, subject?.id, subject?.name, act.outcome, from?.address, from?.agent],
    ...[JSON.stringify(act.details), act.result && JSON.stringify(act.result), String(act.erased), act.id],
  ]
  return `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`
}

// What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), also behind blanks, and as the wide
// signs of East Asian text.
const formula = /^[\s\uFEFF]*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]/u
const leadingControl = /^[\t\r\n]/

/** Always quoted, so that nothing inside ends a cell; what a spreadsheet would compute is made text by an apostrophe. */
function csvCell(text: string): string {
  const harmless = formula.test(text) || leadingControl.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}
