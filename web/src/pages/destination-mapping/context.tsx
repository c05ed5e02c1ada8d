import { createContext, useContext } from 'react'
import type { MappingPart, PartName } from '../../api/destinations.ts'
import { useNames } from '../../parts/names.ts'
import type { Line } from './lines.ts'
import { columnOf, plainName } from './lines.ts'

/** What all parts of the editor stand on. */
export interface Editing {
  name: PartName
  part: MappingPart
  /** What the CRM is called. */
  crm: string
  lines: Line[]
  put(lines: Line[]): void
  /** The column that the hub named when it refused the change. */
  refused: { field: string; text: string } | null
}

export const LinesContext = createContext<Editing | null>(null)

export function useLines(): Editing {
  const editing = useContext(LinesContext)
  if (!editing) throw new Error('useLines outside the editor')
  return editing
}

/** What a column of the destination is called, in the person's language. */
export function useColumnName(part: MappingPart): (to: string) => string {
  const names = useNames()
  return (to) => names.label(columnOf(part, to)?.labels ?? {}, plainName(to))
}
