import type { Users } from './users.tsx'

export type NewStep = 'about' | 'connection' | 'domain' | 'users'
export const newSteps: readonly NewStep[] = ['about', 'connection', 'domain', 'users']

/** What was entered for a configuration that is not made yet. */
export interface NewDraft extends Users {
  step: NewStep
  crm: string
  name: string
  description: string
  connectionId: string
  domain: string
}

const emptyDraft: NewDraft = {
  ...{ step: 'about', crm: '', name: '', description: '', connectionId: '', domain: '' },
  ...{ teamIds: [], personIds: [] },
}

export interface NewStepProps {
  draft: NewDraft
  put(change: Partial<NewDraft>): void
}

const key = 'jackfield.configuration'

/** In this tab, while somebody makes an authentication on the way, also in a window of the CRM. */
export function keepDraft(person: string, draft: NewDraft): void {
  try {
    sessionStorage.setItem(key, JSON.stringify({ person, draft }))
  } catch {
    // Browsers may refuse to keep anything: then it is typed again.
  }
}

export function dropDraft(): void {
  try {
    sessionStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

export function keptDraft(person: string): NewDraft {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null') as { person: string; draft: NewDraft } | null
    return kept?.person === person ? { ...emptyDraft, ...kept.draft } : emptyDraft
  } catch {
    return emptyDraft
  }
}
