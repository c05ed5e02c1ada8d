import { globSync } from 'node:fs'
import { join } from 'node:path'

/** Segments of a path from src (or its like) to the file, both counted: deeper trees hide things. */
const deepest = 4

/** Names that say nothing of what is inside, so that anything ends up there. */
const emptyNames = /^(utils?|helpers?|common|shared|lib|services|misc|types|index)([.]|$)/

/** Paths that break a rule all the same, each with its reason. */
const exceptions: Record<string, string> = {}

/** What is wrong with the place or name of each file; empty when all is well. */
export function checkPaths(files: string[]): string[] {
  const wrong = files.flatMap((file) => {
    const segments = file.replace(/^web\//, '').split('/')
    const found: string[] = []
    if (segments.length > deepest) found.push(`lies ${segments.length} levels deep; ${deepest} are allowed`)
    const empty = segments.find((segment) => emptyNames.test(segment))
    if (empty) found.push(`"${empty}" does not say what is inside`)
    if (!/^[a-z0-9./-]+$/.test(file)) found.push('is not named in lower case with hyphens')
    return found.map((text) => ({ file, text: `${file} ${text}` }))
  })
  const unneeded = Object.keys(exceptions).filter((file) => !wrong.some((each) => each.file === file))
  return [
    ...wrong.filter(({ file }) => !(file in exceptions)).map(({ text }) => text),
    ...unneeded.map((file) => `${file} needs no exception`),
  ]
}

if (import.meta.main) {
  const files = globSync('{src,web/src,test,simulators,bench,scripts}/**/*.{ts,tsx,mjs,css}', {
    cwd: join(import.meta.dirname, '..'),
    exclude: ['**/planted/**'],
  })
  const wrong = checkPaths(files)
  for (const line of wrong) console.log(line)
  console.log(`${files.length} paths looked at, ${wrong.length} wrong`)
  process.exitCode = wrong.length === 0 && files.length > 0 ? 0 : 1
}
