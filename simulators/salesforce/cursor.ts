import type { Row, Table } from './table.ts'

/** An open query: its rows as they were found, and who may read on. */
export type Cursor = {
  table: Table
  rows: Row[]
  fields: string[]
  verb: string
  all: boolean
  userId: string
  at: number
  /** Its last page was read; it counts no longer, but may be read again. */
  done: boolean
}

/** The open queries by their locator's id. */
export type Cursors = Map<string, Cursor>
