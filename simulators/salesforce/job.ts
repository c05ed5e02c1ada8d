import type { Selection } from './soql-run.ts'

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted'

export type IngestRow = { id: string; created: boolean; error: string | null; values: string[] }

export type Job = {
  id: string
  kind: 'query' | 'ingest'
  operation: string
  object: string
  state: JobState
  apiVersion: number
  version: string
  createdById: string
  createdAt: number
  changedAt: number
  columnDelimiter: string
  lineEnding: string
  errorMessage: string | null
  processed: number
  failed: number
  query: string
  fields: string[]
  selection: Selection | null
  externalIdField: string
  upload: Buffer | null
  header: string[]
  rows: IngestRow[]
  origin: string
}

export type BulkJobs = { list: Map<string, Job>; next: number }

export const makeJobs = (): BulkJobs => ({ list: new Map(), next: 1 })
