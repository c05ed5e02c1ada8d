import assert from 'node:assert/strict'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { exists, paper, papers } from './papers.ts'

/** The anchor that a heading gets on the usual forges. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[`*_]/g, '')
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .trim()
    .replaceAll(' ', '-')

function anchorsOf(text: string): Set<string> {
  return new Set([...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => anchorOf(match[1]!)))
}

test('every link inside the project leads to a file, and every anchor to a heading', () => {
  const broken: string[] = []
  for (const { file, text } of papers()) {
    for (const [, target = ''] of text.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [path = '', anchor] = target.split('#')
      const to = path === '' ? file : normalize(join(dirname(file), path))
      if (!exists(to)) broken.push(`${file}: ${target}`)
      else if (anchor && !anchorsOf(paper(to)).has(anchor)) broken.push(`${file}: ${target} (no such heading)`)
    }
  }
  assert.deepEqual(broken, [])
})
