import { Field, Input, Select, Textarea } from '@fluentui/react-components'
import { createContext, useContext, useState } from 'react'
import type { Definition } from '../../api/http-apis.ts'
import { useText } from '../../text/use-text.tsx'
import { pairsOf, pairsText, textAt, valueAt, withValue } from './definition-draft.ts'
import styles from './http-api.module.css'
import type { Replaced } from './replaced.ts'

export interface DefinitionForm {
  definition: Definition
  change(definition: Definition): void
  /** In place of all that is there, which is kept for the way back. */
  take(preset: Definition, name: string): void
  replaced: Replaced | null
  /** Back to what was replaced; and forth again. */
  undo(): void
  /** Paths that must be filled in, once somebody has tried to go on. */
  missing: readonly string[]
  /** What the hub says of one place: `definition.tables.0.list.path`. */
  fault: { field: string; message: string } | null
}

export const FormContext = createContext<DefinitionForm | null>(null)

export function useForm(): DefinitionForm {
  const form = useContext(FormContext)
  if (!form) throw new Error('A field of a definition stands outside of its form')
  return form
}

interface FieldProps {
  path: string
  /** Of its texts. */
  name: string
  required?: boolean
  placeholder?: string
}

function useField({ path, name, required }: FieldProps) {
  const { t, language } = useText()
  const { definition, change, missing, fault } = useForm()
  const place = `definition.${path}`
  const isWrong = fault !== null && (fault.field === place || fault.field.startsWith(`${place}.`))
  const wrong = isWrong
    ? language === 'en'
      ? fault.message
      : t.http.wrongHere
    : missing.includes(path)
      ? t.wizard.missing
      : null
  const frame = {
    label: t.http.fields[name] ?? name,
    hint: t.http.hints[name] ?? null,
    required: required === true,
    validationState: wrong ? ('error' as const) : ('none' as const),
    validationMessage: wrong,
  }
  return { frame, text: textAt(definition, path), put: (value: unknown) => change(withValue(definition, path, value)) }
}

export function TextField(props: FieldProps & { type?: 'url' | 'text' | 'number'; suggestions?: readonly string[] }) {
  const { frame, text, put } = useField(props)
  const isNumber = props.type === 'number'
  const listId = props.suggestions ? `suggestions-${props.path.replaceAll('.', '-')}` : undefined
  const input = (
    <Field {...frame}>
      <Input
        value={text}
        type={props.type ?? 'text'}
        autoComplete="off"
        spellCheck={false}
        {...(listId ? { input: { list: listId } } : {})}
        placeholder={props.placeholder ?? ''}
        onChange={(_, { value }) => put(isNumber && value !== '' ? Number(value) : value)}
      />
    </Field>
  )
  if (!props.suggestions) return input
  return (
    <>
      {input}
      <datalist id={listId}>
        {props.suggestions.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </>
  )
}

export function ChoiceField(
  props: FieldProps & { options: readonly string[]; none?: string; onChoose?(value: string): void },
) {
  const { t } = useText()
  const { frame, text, put } = useField(props)
  const choose = props.onChoose ?? ((value: string) => put(value || undefined))
  return (
    <Field {...frame}>
      <Select value={text || (props.options[0] ?? '')} onChange={(_, { value }) => choose(value)}>
        {props.options.map((option) => (
          <option key={option} value={option}>
            {t.http.options[`${props.name}.${option}`] ?? t.http.options[option] ?? option}
          </option>
        ))}
      </Select>
    </Field>
  )
}

/** Headers and parameters: `Name: value`, one a line. */
export function PairsField(props: FieldProps) {
  const { definition } = useForm()
  const value = valueAt(definition, props.path)
  return <ParsedField {...props} shown={pairsText(value)} parse={pairsOf} print={pairsText} />
}

/** Paths, one a line. */
export function PathsField(props: FieldProps) {
  const { definition } = useForm()
  const value = valueAt(definition, props.path)
  return (
    <ParsedField
      {...props}
      shown={linesText(value)}
      print={linesText}
      parse={(text) => text.split('\n').flatMap((line) => line.trim() || [])}
    />
  )
}

/** Names: one a line, of which the first that is not empty counts; their parts are joined by a plus sign. */
export function NamesField(props: FieldProps) {
  const { definition } = useForm()
  const value = valueAt(definition, props.path)
  return (
    <ParsedField
      {...props}
      shown={namesText(value)}
      print={namesText}
      parse={(text) =>
        text
          .split('\n')
          .map((line) => line.split('+').flatMap((part) => part.trim() || []))
          .filter((parts) => parts.length > 0)
      }
    />
  )
}

export function JsonField(props: FieldProps) {
  const { definition } = useForm()
  const value = valueAt(definition, props.path)
  const print = (given: unknown) =>
    given === undefined ? '' : typeof given === 'string' ? given : JSON.stringify(given, null, 2)
  return <ParsedField {...props} shown={print(value)} print={print} parse={parseJson} />
}

/** What does not parse stays as it was typed; the hub says then that it is no object. */
function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const linesText = (value: unknown) => (Array.isArray(value) ? value.join('\n') : '')
const namesText = (value: unknown) =>
  Array.isArray(value) ? value.map((parts) => (Array.isArray(parts) ? parts.join(' + ') : '')).join('\n') : ''

/** What is being typed stays as it is typed, as long as it says what the definition holds. */
function ParsedField(
  props: FieldProps & { shown: string; parse(text: string): unknown; print(value: unknown): string },
) {
  const { frame, put } = useField(props)
  const [typed, setTyped] = useState(props.shown)
  const isSame = props.print(props.parse(typed)) === props.shown
  const text = isSame ? typed : props.shown
  return (
    <Field {...frame}>
      <Textarea
        className={styles.lines ?? ''}
        value={text}
        rows={Math.min(6, Math.max(2, text.split('\n').length))}
        spellCheck={false}
        placeholder={props.placeholder ?? ''}
        onChange={(_, { value }) => {
          setTyped(value)
          const parsed = props.parse(value)
          put(isEmpty(parsed) ? undefined : parsed)
        }}
      />
    </Field>
  )
}

const isEmpty = (value: unknown) =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
