/** What somebody typed to change a record, kept in this tab while they are in a window of the CRM. */
export interface KeptEntry {
  person: string
  record: string
  /** Version of the record that they looked at. */
  mark: string | null
  /** Texts by field, of those that they changed. */
  typed: Record<string, string>
}

const key = 'jackfield.entry'

export function keepEntry(entry: KeptEntry): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(entry))
  } catch {
    // Browsers may refuse to keep anything: then it is typed again.
  }
}

export function dropEntry(): void {
  try {
    sessionStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

/** Null where nothing is kept for this person and record. */
export function keptEntry(person: string, record: string): KeptEntry | null {
  try {
    const entry = JSON.parse(sessionStorage.getItem(key) ?? 'null') as KeptEntry | null
    return entry?.person === person && entry.record === record ? entry : null
  } catch {
    return null
  }
}
