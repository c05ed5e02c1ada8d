import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Preset } from '#connectors/own-settings.ts'

const folder = join(import.meta.dirname, 'presets')

let known: readonly Preset[] | undefined

/** The definitions that come with the hub: one joins by its file alone. */
export function presets(): readonly Preset[] {
  known ??= readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const definition = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Preset['definition']
      return { id: file.replace(/\.json$/, ''), definition }
    })
  return known
}
