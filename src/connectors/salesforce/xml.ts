import { HubError } from '#core/errors.ts'

export interface XmlElement {
  /** Without its prefix. */
  name: string
  attributes: Readonly<Record<string, string>>
  children: XmlElement[]
  text: string
}

const deepest = 20
const most = 100_000

const TOKEN =
  /<\?xml[^?<>]*\?>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y

/**
 * Plain elements, attributes and texts. No document type, no entities but the five and numbers, no comments, no CDATA:
 * what machines send has none, and what others send with them is an attack. Throws input.invalid.
 */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  let count = 0
  TOKEN.lastIndex = source.startsWith('\uFEFF') ? 1 : 0
  while (TOKEN.lastIndex < source.length) {
    const found = TOKEN.exec(source)
    if (!found) throw notRead()
    const [whole, closed, opened, attributes = '', isEmpty, text] = found
    const current = open.at(-1)!
    if (text !== undefined) current.text += plain(text)
    else if (closed !== undefined) {
      if (open.length < 2 || current.name !== localName(closed)) throw notRead()
      open.pop()
    } else if (opened !== undefined) {
      if (++count > most || open.length > deepest) throw notRead()
      const made = { name: localName(opened), attributes: attributesOf(attributes), children: [], text: '' }
      current.children.push(made)
      if (isEmpty === '') open.push(made)
    } else if (found.index > 1) throw new HubError('input.invalid', `The XML holds ${whole.slice(0, 5)} in its midst`)
  }
  const [only, ...others] = root.children
  if (!only || others.length > 0 || open.length > 1 || root.text.trim() !== '') throw notRead()
  return only
}

export const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? []

export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  childrenOf(element, name)[0]

const notRead = () => new HubError('input.invalid', 'The body is no XML that is read here')

const localName = (name: string) => name.slice(name.indexOf(':') + 1)

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)]
  return Object.fromEntries(pairs.map(([, name, one, other]) => [name, plain(one ?? other ?? '')]))
}

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function plain(text: string): string {
  return text.replace(/&([^;&\s]{0,10};?)/g, (_, entity: string) => {
    const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}));$/i.exec(entity)
    const code = number ? Number.parseInt(number[1] ?? number[2]!, number[1] ? 16 : 10) : null
    const value = code === null ? NAMED[entity.slice(0, -1)] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined
    if (value === undefined || !entity.endsWith(';')) throw notRead()
    return value
  })
}
