import { useSyncExternalStore } from 'react'
import type { Run } from './runs.ts'

/** Rows per second of the runs seen moving since the page was opened, one point a second. */
const KEPT_POINTS = 180
const KEPT_RUNS = 40
const series = new Map<string, readonly number[]>()
const last = new Map<string, { at: number; records: number }>()
const listeners = new Set<() => void>()
const none: readonly number[] = []

export function keepRate(run: Run): void {
  if (run.state !== 'running') return
  const now = performance.now()
  const before = last.get(run.id)
  if (before && now - before.at < 500) return
  const measured = before ? ((run.records - before.records) / (now - before.at)) * 1000 : run.rate
  last.set(run.id, { at: now, records: run.records })
  const rate = run.rate ?? measured
  if (rate === null) return
  series.set(run.id, [...(series.get(run.id) ?? none), Math.max(0, rate)].slice(-KEPT_POINTS))
  if (series.size > KEPT_RUNS) forgetOldest()
  for (const listener of listeners) listener()
}

function forgetOldest(): void {
  const oldest = series.keys().next().value
  if (oldest === undefined) return
  series.delete(oldest)
  last.delete(oldest)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useRates(runId: string | undefined): readonly number[] {
  return useSyncExternalStore(subscribe, () => (runId ? (series.get(runId) ?? none) : none))
}
