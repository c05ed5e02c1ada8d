import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isHubError } from '#core/errors.ts'
import { sliceRows as sliceBytes } from './row-slices.ts'

const suite = new URL('../../../shared/data/json-parsing/json-test-suite.json', import.meta.url)
const skip = existsSync(suite) ? false : 'the published JSON cases are not here'

async function sliceRows(text: string) {
  const { rows, envelope } = await sliceBytes(Buffer.from(text))
  return { rows: rows.map(String), envelope }
}

const takes = async (text: string): Promise<boolean> => {
  try {
    await sliceRows(text)
    return true
  } catch (error) {
    assert.ok(isHubError(error, 'crm.body_invalid'), String(error))
    return false
  }
}

test('cuts rows out exactly as they were written', async () => {
  const rows = [
    '{"@odata.etag":"W/\\"12\\"","a":"x","n":1.10,"big":12345678901234567890.00}',
    '{ "a" : { "deep" : [ 1 , { "value" : [ ] } ] } , "b" : [ ] }',
    '{"quote":"\\\\","bracket":"}],[{\\"","unicode":"\\u00e9\\ud83d\\ude00","null":null}',
    '{}',
    '7',
  ]
  const text = `\n{"@odata.context":"c","value" : [ ${rows.join(' ,\r\n\t')} ],"@odata.nextLink":"n"}\n`
  const sliced = await sliceRows(text)
  assert.deepEqual(sliced.rows, rows)
  assert.deepEqual(sliced.envelope, { '@odata.context': 'c', value: [], '@odata.nextLink': 'n' })
})

test('finds the rows wherever the value stands among other members', async () => {
  const text = '{"a":{"value":[1]},"b":[{"value":[2]}],"c":"\\"value\\":[3]","value":[{"x":4}],"d":5}'
  assert.deepEqual((await sliceRows(text)).rows, ['{"x":4}'])
  assert.deepEqual(await sliceRows('{"value":[]}'), { rows: [], envelope: { value: [] } })
})

test('gives the whole answer as envelope where there are no rows to cut', async () => {
  assert.deepEqual((await sliceRows('{"error":{"code":"1","message":"m"}}')).envelope, {
    error: { code: '1', message: 'm' },
  })
  assert.deepEqual((await sliceRows('{"value":{"x":1}}')).envelope, { value: { x: 1 } })
  assert.deepEqual((await sliceRows('[1]')).envelope, [1])
})

test('refuses a page that could be read in two ways', async () => {
  assert.equal(await takes('{"value":[{"x":1}],"value":[{"x":2}]}'), false)
  assert.equal(await takes('{"value":[{"x":1}],"v\\u0061lue":[{"x":2}]}'), false)
})

test('refuses a page that was cut off at any place', async () => {
  const text = '{"@odata.context":"c","value":[{"a":"x\\"y","b":[1,{"c":null}]},{"a":-1.5e3}],"@odata.nextLink":"n"}'
  for (let length = 0; length < text.length; length += 1)
    assert.equal(await takes(text.slice(0, length)), false, `${length}`)
  assert.equal(await takes(text), true)
})

test('takes a text of a million escapes and of a million letters', async () => {
  for (const long of ['\\n'.repeat(1_000_000), 'x'.repeat(1_000_000), '\\"'.repeat(3_000_000)]) {
    const row = `{"a":"${long}","b":1}`
    assert.deepEqual((await sliceRows(`{"value":[${row},${row}]}`)).rows, [row, row])
    assert.equal(await takes(`{"value":[{"a":"${long}]}`), false)
  }
})

test('takes exactly the JSON that is JSON, in each place of a reply', { skip }, async () => {
  const { parsing } = JSON.parse(readFileSync(suite, 'utf8')) as { parsing: { name: string; input: string }[] }
  assert.equal(parsing.length, 318)
  const places: Record<string, (json: string) => string> = {
    'a member of a row': (json) => `{"value":[{"x":${json}}]}`,
    'a member before another': (json) => `{"value":[{"x":1},{"x":${json},"y":1}],"@odata.nextLink":"n"}`,
    'a row': (json) => `{"value":[${json},{"x":1}]}`,
    'a member of the envelope': (json) => `{"x":${json},"value":[]}`,
  }
  for (const { name, input } of parsing) {
    for (const [place, wrap] of Object.entries(places)) {
      if (name.startsWith('n_')) assert.equal(await takes(wrap(input)), false, `${name} as ${place}`)
      if (name.startsWith('y_')) assert.equal(await takes(wrap(input)), true, `${name} as ${place}`)
    }
    if (name.startsWith('n_')) assert.equal(await takes(input), false, `${name} as the whole reply`)
  }
})

test('keeps every character beyond ASCII, and takes a byte order mark', async () => {
  const rows = ['{"name":"Ærøskøbing"}', '{"name":"東京 😀"}', '{"nested":["ł"]}', '{"name":"plain"}']
  const text = `\ufeff{"é":"ü","value":[${rows.join(',')}],"@odata.nextLink":"ñ"}`
  assert.deepEqual(await sliceRows(text), { rows, envelope: { é: 'ü', value: [], '@odata.nextLink': 'ñ' } })
})

test('refuses bytes that are no UTF-8 instead of putting something in their place', async () => {
  const body = Buffer.from('{"value":[{"name":"caf\xe9"}]}', 'latin1')
  await assert.rejects(
    () => sliceBytes(body),
    (error) => isHubError(error, 'crm.body_invalid'),
  )
})
