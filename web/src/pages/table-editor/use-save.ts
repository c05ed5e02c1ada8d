import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, keepSaved } from '../../api/client.ts'
import { reindexTable } from '../../api/reindex.ts'
import { latestRunsQuery } from '../../api/runs.ts'
import { changeTable, type TableChange, type TableDetail, tableQuery } from '../../api/tables.ts'

/** How far the saving is. */
export interface Saving {
  state: 'idle' | 'busy' | 'done'
  stored: boolean
  /** Names, numbers and search words are made again; of so many records by now. */
  rederive: boolean
  seen: number
  remade: number
  /** Rows are read again from the CRM, by this run once it has begun. */
  reread: boolean
  run: string | null
  error: unknown
}

const idle: Saving = {
  state: 'idle',
  stored: false,
  rederive: false,
  seen: 0,
  remade: 0,
  reread: false,
  run: null,
  error: null,
}

export function useSave(
  table: TableDetail,
  change: TableChange,
  onSaved: (saved: TableDetail) => void,
): { saving: Saving; save(): void } {
  const [saving, setSaving] = useState(idle)
  const [storedAt, setStoredAt] = useState<number | null>(null)
  const runs = useQuery(latestRunsQuery)
  const { connectionId, entity } = table
  const run = runs.data?.find((each) => {
    return (
      storedAt !== null &&
      each.connectionId === connectionId &&
      each.entity === entity &&
      each.kind !== 'audit' &&
      Date.parse(each.createdAt) >= storedAt
    )
  })

  async function work(): Promise<void> {
    const rederive = change.mapping !== undefined
    // A new column alone is read with the rest of its row, as a new filter is.
    const added = change.columns?.some((name) => !table.columns.includes(name)) ?? false
    const reread = change.filter !== undefined || added
    setSaving({ ...idle, state: 'busy', rederive, reread: reread && (change.enabled ?? table.enabled) })
    // The clocks of hub and browser differ a little.
    const began = Date.now() - 2_000
    const saved = await changeTable(connectionId, entity, { ...change, version: table.version })
    setStoredAt(began)
    setSaving((now) => ({ ...now, stored: true }))
    keepSaved(tableQuery(connectionId, entity).queryKey, saved)
    onSaved(saved)
    if (rederive) {
      const { tables } = await reindexTable(connectionId, entity, ({ seen }) => setSaving((now) => ({ ...now, seen })))
      setSaving((now) => ({ ...now, remade: tables[0]?.remade ?? 0 }))
    }
    setSaving((now) => ({ ...now, state: 'done' }))
    for (const queryKey of [['tables'], ['records'], ['samples', connectionId], ['runs'], ['status']]) {
      void client.invalidateQueries({ queryKey })
    }
  }

  return {
    saving: { ...saving, run: run?.id ?? null },
    save() {
      work().catch((error: unknown) => setSaving((now) => ({ ...now, state: now.stored ? 'done' : 'idle', error })))
    },
  }
}
