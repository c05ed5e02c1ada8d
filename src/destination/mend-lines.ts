import type { SyncedTable } from '#records/table.ts'
import { fieldOf, type Line } from './mapping.ts'
import type { LeftOut } from './plan.ts'

/** A line of the mapping that cannot be followed, and why. */
export interface LeftLine {
  line: Line
  why: LeftOut
}

type Table = Pick<SyncedTable, 'entity' | 'mapping'>

const filledFrom = (line: Line, table: Table) => fieldOf(line, table) ?? ('model' in line ? line.model : '')

export const shownLines = (left: readonly LeftLine[], table: Table): string =>
  left.map(({ line }) => `${line.to} ← ${filledFrom(line, table)}`).join(', ')

/** What is to be done first, where such columns are wanted: another mapping fills nothing from a field that is not held. */
export function mendLines(left: readonly LeftLine[], table: Table): string {
  const unheld = left.filter(({ why }) => why === 'not_copied').map(({ line }) => line)
  const isCopyable = (line: Line) => fieldOf(line, table) !== null
  const copied = unheld.filter(isCopyable).map((line) => filledFrom(line, table))
  const unmapped = unheld.filter((line) => !isCopyable(line)).map((line) => filledFrom(line, table))
  const missing = left.filter(({ why }) => why === 'no_column').map(({ line }) => line.to)
  const unfit = left.filter(({ why }) => why === 'not_writable' || why === 'incompatible').map(({ line }) => line.to)
  const steps = [
    says(copied, (names) => `copy ${names} first, by the columns of the table ${table.entity} at its connection`),
    says(unmapped, (names) => `say in the mapping from which field of the CRM, as none stands for ${names}`),
    says(missing, (names) => `make ${names} there, or take ${missing.length === 1 ? 'it' : 'them'} out of the mapping`),
    says(unfit, (names) => `fill another column than ${names}`),
  ]
  return `Where these are wanted: ${steps.filter((step) => step !== '').join('; ')}.`
}

const says = (names: readonly string[], step: (names: string) => string): string =>
  names.length === 0 ? '' : step(names.join(', '))
