import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paper, tableRows } from './papers.ts'

interface Manifest {
  dependencies: Record<string, string>
  optionalDependencies: Record<string, string>
  devDependencies: Record<string, string>
}

const manifest = JSON.parse(paper('package.json')) as Manifest
const wanted = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }

test('every dependency has its reason, licence, keeper and weight, and no other has a row', () => {
  const rows = tableRows(paper('docs/decisions/0009-dependencies.md'))
  assert.deepEqual(rows.map(([name = '']) => name.replaceAll('`', '')).sort(), Object.keys(wanted).sort())
  for (const row of rows) assert.ok(row.length === 5 && row.every((cell) => cell !== ''), `${row[0]} lacks a cell`)
})

test('every dependency is pinned, and the lock names no host', () => {
  for (const [name, version] of Object.entries(wanted)) assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name)
  assert.doesNotMatch(paper('package-lock.json'), /"resolved"/)
})

interface Locked {
  version: string
  integrity?: string
  /** It comes within the package that lists it, proven with that one. */
  inBundle?: true
  optionalDependencies?: Record<string, string>
}

test('the lock holds every optional package of every platform, without which npm ci refuses it', () => {
  const { packages } = JSON.parse(paper('package-lock.json')) as { packages: Record<string, Locked> }
  const held = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')))
  const optional = Object.values(packages).flatMap((each) => Object.keys(each.optionalDependencies ?? {}))
  assert.deepEqual(
    [...new Set(optional)].filter((name) => !held.has(name)),
    [],
  )
  const unproven = Object.entries(packages).filter(([path, each]) => path !== '' && !each.integrity && !each.inBundle)
  assert.deepEqual(unproven, [])
})
