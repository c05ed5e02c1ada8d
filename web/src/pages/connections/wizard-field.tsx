import { Field, Input, Textarea } from '@fluentui/react-components'
import { useState } from 'react'
import type { Connector } from '../../api/connectors.ts'
import { FileButton } from '../../parts/file-button.tsx'
import { useText } from '../../text/use-text.tsx'
import { isGuid } from './guid.ts'
import { pemFault, useVendorWords } from './vendor-words.ts'
import type { Draft, Send } from './wizard-state.ts'
import stepStyles from './wizard-steps.module.css'

type FieldOf = Connector['authentication']['fields'][number]

interface FieldProps {
  field: FieldOf
  state: Draft
  send: Send
  tried: boolean
  first?: boolean
}

/** One setting of an authentication, checked as it is left. */
export function SettingField(props: FieldProps) {
  const { field, state, send } = props
  const words = useVendorWords(state.crm)
  const [left, setLeft] = useState(false)
  const value = state.fields[field.name] ?? ''
  const fault = useFault(props, left)
  const put = (next: string) => {
    setLeft(false)
    send({ do: 'field', name: field.name, value: next })
  }
  const input = {
    value,
    autoFocus: props.first === true,
    autoComplete: 'off',
    spellCheck: false,
    onChange: (_: unknown, data: { value: string }) => put(data.value),
    onBlur: () => setLeft(true),
  }
  return (
    <div>
      <Field
        label={words.label(field.name)}
        required={field.required}
        hint={words.hint(field.name)}
        validationState={fault?.state ?? 'none'}
        validationMessage={fault?.text ?? null}
      >
        {field.multiline ? (
          <Textarea {...input} rows={6} className={stepStyles.pem ?? ''} />
        ) : (
          <Input {...input} type={field.secret ? 'password' : 'text'} />
        )}
      </Field>
      {field.multiline ? <FromFile onText={put} onTaken={() => setLeft(true)} /> : null}
    </div>
  )
}

function FromFile({ onText, onTaken }: { onText(text: string): void; onTaken(): void }) {
  const { t } = useText()
  return (
    <div className={stepStyles.fromFile}>
      <FileButton
        label={t.vendors.pem.file}
        accept=".pem,.key,.txt"
        onText={(text) => {
          onText(text)
          onTaken()
        }}
      />
    </div>
  )
}

function useFault({ field, state, tried }: FieldProps, left: boolean) {
  const { t } = useText()
  const value = (state.fields[field.name] ?? '').trim()
  const error = (text: string) => ({ state: 'error' as const, text })
  if (!value) return tried && field.required ? error(t.wizard.missing) : null
  if (!left && !tried) return null
  if (field.multiline) {
    const wrong = pemFault(value, t.vendors.pem)
    return wrong ? error(wrong) : null
  }
  if (state.crm !== 'dynamics') return null
  if (field.name === 'clientId' && !isGuid(value)) return error(t.wizard.notGuid)
  return field.secret && isGuid(value) ? { state: 'warning' as const, text: t.wizard.secretIsId } : null
}
