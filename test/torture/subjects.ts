import type { Subject } from './subject.ts'
import { dynamics } from './subjects/dynamics.ts'
import { http } from './subjects/http.ts'
import { salesforce } from './subjects/salesforce.ts'

/** Every CRM that can be tortured; a new one joins here. */
const subjects: readonly Subject[] = [dynamics, salesforce, http]

export const subjectNames: readonly string[] = subjects.map((subject) => subject.crm)

export function subjectOf(crm: string): Subject {
  const found = subjects.find((subject) => subject.crm === crm)
  if (!found) throw new Error(`--crm takes one of ${subjectNames.join(', ')}`)
  return found
}
