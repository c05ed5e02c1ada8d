import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmSession } from '#connectors/call.ts'
import { describeTable } from './metadata.ts'

/** An organisation that describes an object with our field, of which the hub's user has these rights. */
const describing = (rights: { createable: boolean; updateable: boolean }): CrmSession => ({
  url: 'https://contoso.my.salesforce.com',
  settings: {},
  async call() {
    const fields = [
      { name: 'Id', type: 'id' },
      { name: 'SystemModstamp', type: 'datetime' },
      { name: 'Jackfield_Id__c', type: 'string', length: 200, externalId: true, unique: true, ...rights },
    ]
    const text = JSON.stringify({ name: 'Contact', queryable: true, fields })
    return { status: 200, headers: {}, body: Buffer.from(text), text }
  },
})

test('A field for keys that the hub’s user may only read is none: each create with it would be refused', async () => {
  const writable = await describeTable(describing({ createable: true, updateable: true }), 'Contact')
  assert.deepEqual(writable.keyField, { name: 'Jackfield_Id__c', unique: true })
  const readOnly = await describeTable(describing({ createable: false, updateable: false }), 'Contact')
  assert.equal(readOnly.keyField, undefined)
})
