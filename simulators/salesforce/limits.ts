import { ApiError } from './errors.ts'

/** The organisation's daily quota of requests, and how many may run at once. */
export type Limits = {
  max: number
  used: number
  concurrent: number
  open: number
  /** `Sforce-Limit-Info` is sent. */
  header: boolean
}

/** Developer organisations have 15,000 requests a day; production ones 25 long requests at once. */
export const makeLimits = (given: Partial<Limits> = {}): Limits => ({
  max: 15_000,
  used: 0,
  concurrent: 25,
  open: 0,
  header: true,
  ...given,
})

/** Counts one request, or refuses it. */
export function admit(limits: Limits): () => void {
  if (limits.used >= limits.max) throw new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')
  if (limits.open >= limits.concurrent)
    throw new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.')
  limits.used++
  limits.open++
  return () => {
    limits.open--
  }
}

export const limitHeader = (limits: Limits): Record<string, string> =>
  limits.header ? { 'sforce-limit-info': `api-usage=${limits.used}/${limits.max}` } : {}

export function limitsReport(limits: Limits): Record<string, { Max: number; Remaining: number }> {
  const of = (Max: number, Remaining = Max) => ({ Max, Remaining })
  return {
    DailyApiRequests: of(limits.max, Math.max(0, limits.max - limits.used)),
    DailyBulkApiBatches: of(15_000),
    DailyBulkV2QueryJobs: of(10_000),
    DailyBulkV2QueryFileStorageMB: of(976_562),
    DailyAsyncApexExecutions: of(250_000),
    DailyDeliveredDurableStreamingApiEvents: of(10_000),
    DataStorageMB: of(1024),
    FileStorageMB: of(1024),
  }
}
