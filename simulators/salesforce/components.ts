import type { Organisation } from './organisation.ts'
import { schemaChanged, tableOf } from './organisation.ts'
import { type Field, field } from './schema.ts'

/** One thing that a package brings. */
export type Component = { type: string; fullName: string; fileName: string; source: string }

export type Problem = { problem: string; line: number }

const FOLDERS: [folder: string, suffix: string, type: string][] = [
  ['classes', '.cls', 'ApexClass'],
  ['triggers', '.trigger', 'ApexTrigger'],
  ['remoteSiteSettings', '.remoteSite', 'RemoteSiteSetting'],
  ['objects', '.object', 'CustomObject'],
  ['permissionsets', '.permissionset', 'PermissionSet'],
  ['workflows', '.workflow', 'Workflow'],
  ['labels', '.labels', 'CustomLabels'],
  ['customMetadata', '.md', 'CustomMetadata'],
  ['platformEventChannelMembers', '.platformEventChannelMember', 'PlatformEventChannelMember'],
  ['namedCredentials', '.namedCredential', 'NamedCredential'],
]

/** The text of an element, entities resolved; null where there is none. */
export function element(xml: string, name: string): string | null {
  const found = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^]*?)</(?:\\w+:)?${name}>`).exec(xml)?.[1]
  return found === undefined ? null : entities(found)
}

export const elements = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^]*?)</(?:\\w+:)?${name}>`, 'g'))].map((m) => m[1]!)

const entities = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')

/** What the manifest names, found in the files; a member without its file has an empty source. */
export function componentsOf(files: Map<string, string>): Component[] {
  const out: Component[] = []
  for (const types of elements(files.get('package.xml') ?? '', 'types')) {
    const type = element(types, 'name') ?? ''
    const [folder = '', suffix = ''] = FOLDERS.find(([, , t]) => t === type) ?? []
    const paths = [...files.keys()].filter(
      (path) => folder !== '' && path.startsWith(`${folder}/`) && path.endsWith(suffix),
    )
    const members = elements(types, 'members').flatMap((m) =>
      m === '*' ? paths.map((p) => p.slice(folder.length + 1, -suffix.length)) : [m],
    )
    for (const fullName of members) {
      if (type === 'CustomField') {
        const object = `objects/${fullName.split('.')[0]}.object`
        const own = elements(files.get(object) ?? '', 'fields').find(
          (f) => element(f, 'fullName') === fullName.split('.')[1],
        )
        out.push({ type, fullName, fileName: object, source: own ?? '' })
      } else
        out.push({
          type,
          fullName,
          fileName: `${folder}/${fullName}${suffix}`,
          source: files.get(`${folder}/${fullName}${suffix}`) ?? '',
        })
    }
  }
  return out
}

export function problemOf(org: Organisation, component: Component, files: Map<string, string>): Problem | null {
  const { type, fullName, fileName, source } = component
  if (!FOLDERS.some(([, , t]) => t === type) && type !== 'CustomField')
    return { problem: `Unknown type name '${type}' specified in package.xml`, line: 0 }
  if (source === '')
    return {
      problem: `An object '${fullName}' of type ${type} was named in package.xml, but was not found in zipped directory`,
      line: 0,
    }
  if (type === 'ApexClass' || type === 'ApexTrigger') {
    if (!files.has(`${fileName}-meta.xml`)) return { problem: `No meta file found for ${fileName}`, line: 0 }
    return apexProblem(org, component)
  }
  if (type === 'RemoteSiteSetting' && !/^https?:\/\//.test(element(source, 'url') ?? ''))
    return { problem: 'Required field is missing: url', line: 0 }
  if (type === 'CustomField' && !tableOf(org, fullName.split('.')[0]!))
    return { problem: `Entity Enumeration Or ID: bad value: ${fullName}`, line: 0 }
  return null
}

const HEADS: Record<string, RegExp> = {
  ApexClass: /\b(?:class|interface|enum)\s+(\w+)/i,
  ApexTrigger: /\btrigger\s+(\w+)\s+on\s+(\w+)\s*\(([^)]*)\)/i,
}

/** Far from a compiler: name, brackets, texts that end, the trigger's object and events. */
function apexProblem(org: Organisation, { type, fullName, source }: Component): Problem | null {
  const plain = withoutComments(source)
  const head = HEADS[type]!.exec(plain)
  if (!head || head[1]!.toLowerCase() !== fullName.toLowerCase())
    return { problem: `Invalid identifier: expected ${fullName}`, line: 1 }
  if (fullName.length > 40) return { problem: 'The name is longer than 40 characters', line: 1 }
  const [, , object = '', events = ''] = head
  if (type === 'ApexTrigger' && !tableOf(org, object))
    return { problem: `sObject type '${object}' is not supported.`, line: 1 }
  const known = /^\s*(before|after)\s+(insert|update|delete|undelete)\s*$/i
  if (type === 'ApexTrigger' && !events.split(',').every((e) => known.test(e)))
    return { problem: `Unexpected token '${events}'`, line: 1 }
  return bracketProblem(plain)
}

/** Comments become blanks, so that places stay; texts keep their quotes. */
export const withoutComments = (source: string) =>
  source.replace(/'(?:[^'\\\n]|\\.)*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (found) =>
    found.startsWith("'") ? found : found.replace(/[^\n]/g, ' '),
  )

function bracketProblem(plain: string): Problem | null {
  const bare = plain.replace(/'(?:[^'\\\n]|\\.)*'/g, (t) => ' '.repeat(t.length))
  const lineAt = (at: number) => bare.slice(0, at).split('\n').length
  if (bare.includes("'"))
    return {
      problem: 'Illegal string literal: Line breaks are not allowed in string literals',
      line: lineAt(bare.indexOf("'")),
    }
  const open: string[] = []
  for (let i = 0; i < bare.length; i++) {
    const c = bare[i]!
    if ('([{'.includes(c)) open.push(c)
    else if (')]}'.includes(c) && open.pop() !== '([{'[')]}'.indexOf(c)])
      return { problem: `Unexpected token '${c}'.`, line: lineAt(i) }
  }
  return open.length > 0
    ? { problem: `Missing '${')]}'['([{'.indexOf(open.at(-1)!)]}' at 'EOF'`, line: lineAt(bare.length) }
    : null
}

const TYPES: Record<string, string> = {
  Text: 'string',
  Checkbox: 'boolean',
  Number: 'double',
  DateTime: 'datetime',
  Date: 'date',
  Email: 'email',
  Phone: 'phone',
  Url: 'url',
  Currency: 'currency',
  LongTextArea: 'textarea',
  Lookup: 'reference',
}

/** Makes a custom field from its metadata; an existing one is changed. Answers whether it is new. */
export function customField(org: Organisation, fullName: string, source: string): boolean {
  const [object = '', name = ''] = fullName.split('.')
  const table = tableOf(org, object)
  if (!table || !/^\w+__c$/.test(name)) throw new Error(`Invalid field: ${fullName}`)
  const is = (key: string) => (element(source, key) === 'true' ? key : '')
  const type = TYPES[element(source, 'type') ?? 'Text'] ?? 'string'
  const words = [
    is('required'),
    is('unique'),
    is('externalId') ? 'external' : '',
    element(source, 'length') ?? '',
    element(source, 'referenceTo') ?? '',
  ]
  const made: Field = { ...field(`${name} ${type} ${words.join(' ')}`), label: element(source, 'label') ?? name }
  const at = table.definition.fields.findIndex((f) => f.name === name)
  if (at < 0) table.definition.fields.push(made)
  else table.definition.fields[at] = made
  schemaChanged(org, table)
  return at < 0
}
