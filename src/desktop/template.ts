import { dataField, type InteractionValues, scriptVariableOf, toldValue } from './interaction-data.ts'

/** `{ani}`, `{script.order}`, `{linked}`, `{linked.account}`; other braces are braces. */
const placeholder = /\{((?:script\.[^{}]{1,200})|[a-z][a-zA-Z]*(?:\.[a-z][a-z0-9_]*)?)\}/gi

export const placeholdersOf = (template: string): string[] =>
  [...template.matchAll(placeholder)].flatMap(([, name]) => name ?? [])

const linkPattern = /^linked(?:\.([a-z][a-z0-9_]*))?$/

/** Names that stand for nothing. */
export function unknownPlaceholders(template: string): string[] {
  return placeholdersOf(template).filter((name) => !isKnown(name) && !linkPattern.test(name))
}

/** A field of an interaction, or a script variable: what a condition may ask of. */
export const isKnown = (name: string): boolean => dataField(name) !== undefined || scriptVariableOf(name) !== null

/** A template that is one placeholder and nothing else keeps its value's type: a number stays one. Undefined: it is told nothing. */
export function fillTemplate(template: string, values: InteractionValues): unknown {
  const [only] = placeholdersOf(template)
  if (only !== undefined && template.trim() === `{${only}}`) return toldValue(values, only)
  let told = only === undefined
  const text = template.replaceAll(placeholder, (_, name: string) => {
    const value = toldValue(values, name)
    if (value === undefined || value === null || value === '') return ''
    told = true
    return Array.isArray(value) ? value.join(', ') : String(value)
  })
  return told ? text : undefined
}

/** The entity that a template for a lookup asks a linked record of; null: of any. Undefined: it asks none. */
export function linkOf(template: string): string | null | undefined {
  const only = placeholdersOf(template)[0]
  const found = only !== undefined && template.trim() === `{${only}}` ? linkPattern.exec(only) : null
  return found ? (found[1] ?? null) : undefined
}
