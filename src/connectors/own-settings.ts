import type { SourceTable } from '#model/field.ts'
import type { RawRow } from '#model/reading.ts'
import type { DefaultTable } from './default-table.ts'

/** A page of a table that was tried. */
export interface TableTrial {
  /** As it went out, without secrets. */
  request: { method: string; url: string; headers: Record<string, string>; body: string | null }
  /** On the page. */
  records: number
  /** That the API tells. */
  total: number | null
  /** Leads to the page behind it. */
  next: string | null
  rows: RawRow[]
  /** What the records hold, by path, and what it is likely to be. */
  fields: { path: string; type: string; role: string | null; sample: string | null }[]
  suggested: { source: SourceTable; table: DefaultTable }
}

/** What a connection's own settings come to. */
export interface OwnSettings {
  /** As they are kept with the connection. */
  settings: Record<string, unknown>
  /** Settings of the authentication that they fix. */
  authentication: Record<string, string>
  /** What is copied, where the connector itself cannot know; their mappings are suggested from their descriptions. */
  tables: { entity: string; table: string }[]
}

/** What an API that many use is like: a beginning that people take over and change. */
export interface Preset {
  id: string
  /** As it would stand in a file; nothing in it is secret. */
  definition: { name: string; description?: string } & Record<string, unknown>
}
