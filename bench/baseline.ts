import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { project } from './process.ts'

/** The yardsticks are not part of the project: they lie beside it, and are run as they are. */
export function baseline(name: 'sync' | 'inbox' | 'lookup' | 'load'): string {
  const folder = process.env.JACKFIELD_BASELINES ?? join(project, '../shared/baselines')
  const file = join(folder, `${name}.mjs`)
  if (!existsSync(file)) throw new Error(`${file} is missing: JACKFIELD_BASELINES names the folder of the baselines`)
  return file
}
