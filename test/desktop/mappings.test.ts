import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configured, mapping } from './configured.ts'

interface Notice {
  level: string
  code: string
  field: string | null
}

const told = (notices: Notice[]) => notices.map(({ level, code, field }) => `${level} ${code} ${field}`)

test('A mapping is checked against what the CRM says of its fields, and what is forbidden names its field', async (t) => {
  const { ask, add } = await configured(t)
  const refusals: [string, Parameters<typeof mapping>, [code: string, field: string]][] = [
    ['no such entity', ['horse', [['name', 'voice', 'ani']]], ['input.invalid', 'horse']],
    ['no such field', ['contact', [['nickname2', 'voice', 'ani']]], ['field.unknown', 'nickname2']],
    ['a field that is made', ['contact', [['fullname', 'voice', 'ani']]], ['input.invalid', 'fullname']],
    ['the id', ['contact', [['contactid', 'voice', 'ani']]], ['input.invalid', 'contactid']],
    ['no such data', ['contact', [['jobtitle', 'voice', 'mood']]], ['input.invalid', 'jobtitle']],
    ['data of the other channel', ['contact', [['jobtitle', 'voice', 'from']]], ['input.invalid', 'jobtitle']],
    ['a row of the other channel', ['contact', [['jobtitle', 'digital', 'from']]], ['input.invalid', 'jobtitle']],
    [
      'a time into a number',
      ['account', [['numberofemployees', 'voice', 'startTime']]],
      ['input.invalid', 'numberofemployees'],
    ],
    [
      'a name into an address',
      ['contact', [['emailaddress1', 'voice', 'agentName']]],
      ['input.invalid', 'emailaddress1'],
    ],
    ['a text into a date', ['contact', [['birthdate', 'voice', 'agentName']]], ['input.invalid', 'birthdate']],
    [
      'a text into a lookup',
      ['contact', [['_parentcustomerid_value', 'script', 'x']]],
      ['input.invalid', '_parentcustomerid_value'],
    ],
    [
      'a field twice',
      [
        'contact',
        [
          ['jobtitle', 'voice', 'ani'],
          ['jobtitle', 'voice', 'dnis'],
        ],
      ],
      ['input.invalid', 'jobtitle'],
    ],
    [
      'a record as an activity',
      ['contact', [['jobtitle', 'voice', 'ani']], { target: 'activity' }],
      ['input.invalid', 'contact'],
    ],
  ]
  for (const [what, given, [code, field]] of refusals) {
    const { status, json } = await add('memorialization', mapping(...given))
    assert.deepEqual([status, json.error?.code, json.error?.field], [400, code, field], what)
  }
  assert.deepEqual((await ask('/parts')).json.parts, [], 'nothing of it was kept')

  const both = mapping(
    'contact',
    [
      ['jobtitle', 'voice', 'skillName'],
      ['jobtitle', 'digital', 'skillName'],
      ['department', 'script', 'OrderNumber'],
    ],
    { channel: 'both' },
  )
  const made = await add('memorialization', both)
  assert.equal(made.status, 201, made.text)
  assert.equal(made.json.definition.entities[0].rows[2].data, 'ordernumber', 'script variables are in lower case')
})

test('A transcript that will not fit is told when the mapping is saved, with the limit', async (t) => {
  const { ask, add } = await configured(t)
  const rows: [string, string, string][] = [
    ['description', 'voice', 'transcript'],
    ['jobtitle', 'voice', 'dispositionNotes'],
    ['department', 'voice', 'startTime'],
  ]
  const definition = mapping('contact', rows)
  const checked = await ask('/parts/check', { json: { kind: 'memorialization', name: 'x', definition } })
  assert.deepEqual(told(checked.json.notices), ['warning text_cut description', 'warning text_cut jobtitle'])
  assert.match(checked.json.notices[1].message, /at most 100 characters/)
  assert.deepEqual((await ask('/parts')).json.parts, [], 'a check stores nothing')
  const made = await add('memorialization', definition)
  assert.equal(made.status, 201)
  assert.deepEqual(made.json.notices, checked.json.notices)
})

test('A field that was made read-only since is noticed, and the mapping is kept', async (t) => {
  const { ask, add, control, hub, connection } = await configured(t)
  const definition = mapping('contact', [['jobtitle', 'voice', 'skillName']])
  const made = (await add('memorialization', definition)).json
  assert.deepEqual(made.notices, [])
  await control('/schema', { entity: 'contact', readOnly: 'jobtitle' })

  const rights = (await ask('/rights')).json.rights
  const write = rights.filter(
    (one: { entity: string; right: string }) => one.entity === 'contact' && one.right === 'write',
  )
  assert.deepEqual(
    write.map(({ fields, state, neededBy }: { fields: string[]; state: string; neededBy: string[] }) => [
      fields,
      state,
      neededBy,
    ]),
    [
      [[], 'granted', ['Part 1']],
      [['jobtitle'], 'missing', ['Part 1']],
    ],
  )
  const now = (await ask(`/parts/${made.id}`)).json
  assert.deepEqual(told(now.notices), ['error field_read_only jobtitle'])
  assert.deepEqual(now.definition, made.definition)
  const again = await ask(`/parts/${made.id}`, {
    method: 'PUT',
    json: { version: 1, part: { kind: 'memorialization', name: 'Again', definition } },
  })
  assert.deepEqual([again.status, again.json.error.field], [400, 'jobtitle'])

  await control('/schema', { entity: 'contact', removeColumn: 'department' })
  const gone = await add('memorialization', mapping('contact', [['department', 'voice', 'skillName']]))
  assert.equal(gone.json.error.code, 'field.unknown', 'the CRM is asked anew whenever a mapping is saved')
  await hub.ask(`/api/v1/connections/${connection}`, { method: 'PATCH', json: { state: 'paused' } })
  const offline = await add('memorialization', mapping('contact', [['middlename', 'voice', 'skillName']]))
  assert.equal(offline.status, 201, 'what was described last has to do while the CRM is not to be asked')
  const off = await ask(`/parts/${made.id}`, {
    method: 'PUT',
    json: { version: 1, part: { kind: 'memorialization', name: 'Again', definition, active: false } },
  })
  assert.deepEqual([off.status, off.json.active], [200, false], off.text)
})

test('Saving a mapping for one channel offers its twin for the other', async (t) => {
  const { ask, add } = await configured(t)
  const rows: [string, string, string][] = [
    ['telephone1', 'voice', 'ani'],
    ['fax', 'voice', 'dnis'],
    ['jobtitle', 'voice', 'masterContactId'],
    ['department', 'script', 'order'],
  ]
  const made = (await add('memorialization', mapping('contact', rows), { name: 'Calls' })).json
  const twin = (path: string) => ask(`${path}/twin`, { method: 'POST' })
  const { status, json } = await twin(`/parts/${made.id}`)
  assert.equal(status, 201)
  assert.deepEqual([json.name, json.active, json.definition.channel], ['Calls (digital)', false, 'digital'])
  assert.deepEqual(json.definition.entities[0].rows, [
    { field: 'telephone1', from: 'digital', data: 'from' },
    { field: 'fax', from: 'digital', data: 'to' },
    { field: 'department', from: 'script', data: 'order' },
  ])
  assert.ok(told(json.notices).includes('warning no_counterpart jobtitle'))
  assert.equal((await twin(`/parts/${made.id}`)).json.error.code, 'desktop.name_taken')

  const back = (await twin(`/parts/${json.id}`)).json
  assert.deepEqual(back.definition.entities[0].rows[0], { field: 'telephone1', from: 'voice', data: 'ani' })
  const search = (await add('search', { by: 'caller' })).json
  assert.equal((await twin(`/parts/${search.id}`)).status, 400)
})

test('At most 5 text and 3 other fields of an entity are shown, or as many as the operator lets', async (t) => {
  const { ask, add } = await configured(t)
  const texts = ['jobtitle', 'department', 'firstname', 'lastname', 'middlename', 'description']
  const others = ['birthdate', 'gendercode', '_parentcustomerid_value', 'accountrolecode']
  const shows = (fields: string[]) =>
    add('dynamic_data', { entities: [{ entity: 'contact', fields: fields.map((field) => ({ field })) }] })
  assert.equal((await shows([...texts.slice(0, 5), ...others.slice(0, 3)])).status, 201)
  const sixth = await shows(texts)
  assert.deepEqual([sixth.status, sixth.json.error.code], [400, 'input.invalid'])
  assert.match(sixth.json.error.message, /at most 5 text fields/)
  assert.match((await shows(others)).json.error.message, /at most 3 fields of other types/)
  assert.equal((await shows(['jobtitle', 'jobtitle'])).status, 400)
  assert.equal((await shows(['nothing'])).json.error.code, 'field.unknown')

  const incident = { entities: [{ entity: 'incident', fields: [{ field: 'title', label: 'Case' }] }] }
  assert.deepEqual(told((await add('dynamic_data', incident)).json.notices), ['warning not_copied title'])
  assert.deepEqual((await ask('/fields')).json.limits, { textFields: 5, otherFields: 3 })

  const wide = await configured(t, { JACKFIELD_DYNAMIC_TEXT_FIELDS: '6', JACKFIELD_DYNAMIC_OTHER_FIELDS: '0' })
  const widened = (fields: string[]) =>
    wide.add('dynamic_data', { entities: [{ entity: 'contact', fields: fields.map((field) => ({ field })) }] })
  assert.equal((await widened(texts)).status, 201)
  assert.equal((await widened(['birthdate'])).status, 400)
})

test('A part keeps its kind and its version, and belongs to its own configuration', async (t) => {
  const { ask, add, hub, connection } = await configured(t)
  const made = (await add('search', { by: 'caller' }, { name: 'By number' })).json
  assert.equal((await add('search', { by: 'caller' }, { name: 'BY NUMBER' })).json.error.code, 'desktop.name_taken')
  const put = (version: number, part: object) => ask(`/parts/${made.id}`, { method: 'PUT', json: { version, part } })
  const search = { kind: 'search', name: 'By number', active: false, definition: { by: 'caller', one: 'show' } }
  const changed = await put(1, search)
  assert.deepEqual([changed.json.version, changed.json.active, changed.json.definition.one], [2, false, 'show'])
  assert.equal((await put(1, search)).json.error.code, 'settings.changed')
  const other = {
    kind: 'update',
    name: 'x',
    definition: { entity: 'contact', fields: [{ field: 'jobtitle', value: 'x' }] },
  }
  assert.deepEqual((await put(2, other)).json.error.field, 'kind')

  const json = { name: 'Elsewhere', connectionId: connection }
  const elsewhere = (await hub.ask('/api/v1/crm-configurations', { json })).json.id
  assert.equal((await hub.ask(`/api/v1/crm-configurations/${elsewhere}/parts/${made.id}`)).status, 404)
})
