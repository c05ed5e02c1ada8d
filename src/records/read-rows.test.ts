import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RawRow, SourceRow } from '#model/reading.ts'
import { readRows, type StoreTarget } from './read-rows.ts'

const reader = {
  read(raw: RawRow): SourceRow {
    const values = JSON.parse(raw.toString()) as { id: string; mark: number }
    return { sourceId: values.id, mark: [BigInt(values.mark)], values: { ...values }, raw }
  },
  readId: () => null,
  inScope: () => true,
}
const target = {
  table: { entity: 'contact' },
  idOf: (sourceId: string) => sourceId,
  reader,
  check: () => undefined,
  inTurn: (read: () => unknown) => read(),
} as unknown as StoreTarget

const read = async (rows: [id: string, mark: number][]) => {
  const raws = rows.map(([id, mark]) => Buffer.from(JSON.stringify({ id, mark })))
  const { rows: read } = await readRows(target, raws)
  return read.map(({ id, row }) => [id, Number(row.mark![0])])
}

const rest = '-0000-5000-8000-000000000000'
const [a, b, c] = [`00000001${rest}`, `7fffffff${rest}`, `ffffffff${rest}`]

test('rows come in the order of their ids, whatever order they were shown in', async () => {
  const alike = ['1', '2', '3', '4'].map((last) => `7fffffff-0000-5000-8000-00000000000${last}`)
  const order = [a, b, ...alike, c]
  for (const shown of [order, [...order].reverse(), [alike[2]!, c, alike[0]!, b, alike[3]!, a, alike[1]!]]) {
    assert.deepEqual(
      (await read(shown.map((id) => [id, 1]))).map(([id]) => id),
      order,
    )
  }
})

test('of a row that a page shows several times the latest version counts', async () => {
  const alike = `7fffffff-0000-5000-8000-000000000001`
  const shown: [string, number][] = [
    [c, 1],
    [b, 2],
    [alike, 5],
    [b, 3],
    [a, 9],
    [b, 1],
    [alike, 4],
  ]
  assert.deepEqual(await read(shown), [
    [a, 9],
    [b, 3],
    [alike, 5],
    [c, 1],
  ])
})
