import type { Behaviour } from './behaviour.ts'
import { changes } from './behaviours/changes.ts'
import { doors } from './behaviours/doors.ts'
import { paging } from './behaviours/paging.ts'
import { rows } from './behaviours/rows.ts'
import { troubles } from './behaviours/troubles.ts'

/** Every behaviour that the hub relies on. */
export const behaviours: readonly Behaviour[] = [...paging, ...troubles, ...rows, ...changes, ...doors]
