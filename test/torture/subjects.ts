import type { Subject } from './subject.ts'
import { dynamics } from './subjects/dynamics.ts'
import { http } from './subjects/http.ts'
import { salesforce } from './subjects/salesforce.ts'

/** Every CRM that can be tortured; a new one joins here. */
const subjects: readonly Subject[] = [dynamics, salesforce, http]

export function subjectOf(crm: string): Subject {
  const found = subjects.find((subject) => subject.crm === crm)
  if (!found) throw new Error(`--crm takes one of ${subjects.map((subject) => subject.crm).join(', ')}`)
  return found
}
