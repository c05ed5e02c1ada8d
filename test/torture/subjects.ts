import type { Subject } from './subject.ts'
import { dynamics } from './subjects/dynamics.ts'
import { http } from './subjects/http.ts'
import { salesforce } from './subjects/salesforce.ts'

/** Every CRM that can be tortured; a new one joins here. */
const subjects: readonly Subject[] = [dynamics, salesforce, http]

export const subjectNames: readonly string[] = subjects.map(({ crm }) => crm)

/** One of `subjectNames`. */
export const subjectOf = (name: string): Subject => subjects.find(({ crm }) => crm === name)!
