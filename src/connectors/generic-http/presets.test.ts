import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definitionSchema, readDefinition } from './definition.ts'
import { sourceTable } from './fields.ts'
import { presets } from './presets.ts'
import { readRow } from './read-row.ts'

const contactOf = (id: string) => {
  const { definition } = presets().find((preset) => preset.id === id)!
  return readDefinition(definition).tables.find(({ entity }) => entity === 'contact')!
}

test('every preset is a whole definition: its keys for look-ups are among its fields, and it goes out encrypted', () => {
  assert.ok(presets().length >= 3)
  for (const { id, definition } of presets()) {
    const read = definitionSchema.parse(definition)
    assert.match(read.baseUrl, /^https:/, id)
    assert.ok((read.description ?? '').length > 40, `${id} says what it takes`)
    for (const table of read.tables) {
      const paths = new Set(table.fields?.map(({ path }) => path))
      const keys = [
        ...(table.name ?? []).flat(),
        ...(table.phones ?? []),
        ...(table.emails ?? []),
        ...(table.country ?? []),
      ]
      for (const path of keys) assert.ok(paths.has(path), `${id}: ${path} of ${table.entity}`)
      const entities = table.fields?.flatMap((field) => field.entities ?? []) ?? []
      for (const entity of entities)
        assert.ok(
          read.tables.some((one) => one.entity === entity),
          `${id}: ${entity}`,
        )
      assert.ok(table.item, `${id}: a pushed ${table.entity} is read by its id`)
      assert.ok(table.version && table.modified, `${id}: readings of ${table.entity} can be told apart`)
    }
  }
})

/** As each vendor’s own manual shows a record. */
const documented: Record<string, { row: object; sourceId: string; mark: number; phone: string | null }> = {
  hubspot: {
    row: {
      id: '57156923994',
      properties: {
        firstname: 'Maria',
        lastname: 'Johnson',
        email: 'emailmaria@hubspot.com',
        phone: '+32 2 555 01 01',
      },
      createdAt: '2024-09-11T18:21:50.012Z',
      updatedAt: '2024-10-21T21:36:02.961Z',
      archived: false,
    },
    sourceId: '57156923994',
    mark: Date.parse('2024-10-21T21:36:02.961Z'),
    phone: '+32 2 555 01 01',
  },
  intercom: {
    row: { type: 'contact', id: '5ba682d23d7cf92bef87bfd4', name: 'Joe', phone: '+1123456789', updated_at: 1571672158 },
    sourceId: '5ba682d23d7cf92bef87bfd4',
    mark: 1_571_672_158_000,
    phone: '+1123456789',
  },
  pipedrive: {
    row: {
      id: 1,
      name: 'Will Smith',
      org_id: 1234,
      phones: [{ value: '12345', primary: true, label: 'work' }],
      emails: [],
      update_time: '2023-02-08T05:30:20Z',
      is_deleted: false,
    },
    sourceId: '1',
    mark: Date.parse('2023-02-08T05:30:20Z'),
    phone: '12345',
  },
}

test('a record as the vendor documents it is read with its id, its version and its number', () => {
  assert.deepEqual(
    presets().map(({ id }) => id),
    Object.keys(documented).sort(),
  )
  for (const [id, { row, sourceId, mark, phone }] of Object.entries(documented)) {
    const request = contactOf(id)
    const table = sourceTable(request, [])
    const scope = { table, columns: table.fields.map(({ name }) => name), filter: null }
    const read = readRow(scope, Buffer.from(JSON.stringify(row)))
    assert.equal(read.sourceId, sourceId, id)
    assert.deepEqual(read.mark, [BigInt(mark)], id)
    assert.equal(JSON.parse(read.raw.toString())[request.phones![0]!], phone, id)
  }
})
