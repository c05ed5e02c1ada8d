/** Tables of one object, where it is copied as several: which of them a row belongs to only its fields tell. */
const several: Record<string, string[]> = { Task: ['Task', 'Task.Call'] }

export const tablesOf = (object: string): string[] => several[object] ?? [object]

/** Of one kind to Salesforce: their custom fields are the Activity's, and it archives those of long ago. */
export const activities: ReadonlySet<string> = new Set(['Task', 'Event'])

export const objectOf = (table: string): string => table.split('.')[0]!
