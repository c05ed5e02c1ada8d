import assert from 'node:assert/strict'
import { globSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { codeWords, exists, paper, project } from './papers.ts'

/** The papers that tell where things are. */
const guides = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md']

/** Made on the machine that runs it, so that a clone has none. */
const made = [/^web\/dist$/, /^data\//, /^node_modules\//, /^\.\//]

// A path has a slash or ends as a file does; `/api/…` is an address, `a | b` and `#a/b.ts` are no paths.
const isPath = (word: string) => /^(\.?[a-z0-9_.<>-]+\/)+[a-z0-9_.<>-]*$|^[\w.-]+\.(ts|mjs|json|yaml)$/i.test(word)

/** Paths are written from the project's folder, or from src as the data's way does. */
function isThere(word: string): boolean {
  return ['', 'src/', 'web/src/'].some((start) => exists(start + word))
}

test('every file and folder that the guides name exists', () => {
  const named = guides.flatMap((file) =>
    codeWords(paper(file))
      .filter((word) => isPath(word) && !word.includes('<') && !made.some((pattern) => pattern.test(word)))
      .map((word) => ({ file, word })),
  )
  assert.ok(named.length > 80)
  assert.deepEqual(
    named.filter(({ word }) => !isThere(word)),
    [],
  )
})

test('ARCHITECTURE.md has a line for every folder of src and of the project', () => {
  const folders = (at: string) =>
    readdirSync(join(project, at), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  const listed = new Set(codeWords(paper('ARCHITECTURE.md')))
  const own = folders('.').filter((name) => !/^(\.|node_modules|data|dist|coverage|docs|src|test-results)/.test(name))
  const unnamed = [...own, ...folders('src').map((name) => `src/${name}`)].filter((name) => !listed.has(name))
  assert.deepEqual(unnamed, [])
})

test('every npm script that a paper names exists, and CONTRIBUTING.md names each', () => {
  const { scripts } = JSON.parse(paper('package.json')) as { scripts: Record<string, string> }
  const named = (file: string) =>
    [...paper(file).matchAll(/npm (?:run (?:--silent )?)?([a-z][a-z0-9:]*)/g)]
      .map((match) => match[1]!)
      .filter((name) => !['ci', 'run', 'and', 'install'].includes(name))
  const files = [...guides, ...globSync('docs/**/*.md', { cwd: project })]
  const unknown = files.flatMap((file) => named(file).filter((name) => !(name in scripts)))
  assert.deepEqual(unknown, [])
  const told = new Set([...named('CONTRIBUTING.md'), ...named('README.md')])
  const untold = Object.keys(scripts).filter((name) => name !== 'prepare' && !told.has(name))
  assert.deepEqual(untold, [])
})
