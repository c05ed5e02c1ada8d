import { Button, Input } from '@fluentui/react-components'
import { Braces16Regular } from '@fluentui/react-icons/svg/braces'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { Finder } from '../../parts/finder.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './editor.module.css'
import { useDataWords, useGround } from './entity-words.ts'

/** A text with {variables}, which are chosen rather than remembered. */
export function TemplateField(props: {
  label: string
  value: string
  invalid?: boolean
  onChange(value: string): void
}) {
  const { t } = useText()
  const [finding, setFinding] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const { label, value } = props
  /** Where the cursor stands. */
  function insert(name: string): void {
    const at = input.current?.selectionStart ?? value.length
    const end = input.current?.selectionEnd ?? at
    flushSync(() => props.onChange(`${value.slice(0, at)}{${name}}${value.slice(end)}`))
    input.current?.focus()
  }
  return (
    <div className={styles.template}>
      <Input
        aria-label={label}
        aria-invalid={props.invalid ?? false}
        value={value}
        autoComplete="off"
        input={{ ref: input, maxLength: 10_000 }}
        onChange={(_, data) => props.onChange(data.value)}
      />
      <Button
        appearance="subtle"
        icon={<Braces16Regular />}
        aria-label={t.configurationParts.template.insertInto(label)}
        aria-haspopup="dialog"
        onClick={() => setFinding(true)}
      />
      {finding ? <VariableFinder label={label} onPick={insert} onClose={() => setFinding(false)} /> : null}
    </div>
  )
}

function VariableFinder(props: { label: string; onPick(name: string): void; onClose(): void }) {
  const { t } = useText()
  const { offered } = useGround()
  const dataWords = useDataWords()
  const [text, setText] = useState('')
  const words = t.configurationParts.template
  const wanted = text.trim().toLowerCase()
  const option = (name: string, content: string) => ({
    key: name,
    content: (
      <span>
        {content} <code>{`{${name}}`}</code>
      </span>
    ),
    choose: () => {
      props.onClose()
      props.onPick(name)
    },
  })
  const options = offered.data
    .filter(({ name }) => `${dataWords(name)} ${name}`.toLowerCase().includes(wanted))
    .map(({ name }) => option(name, dataWords(name)))
  const script = wanted.replace(/^script\./, '').replace(/[{}\s]/g, '')
  if (script) options.push(option(`script.${script}`, words.script(script)))
  return (
    <Finder
      label={words.insertInto(props.label)}
      field={{ label: words.find, placeholder: words.find }}
      text={text}
      onText={setText}
      groups={[{ title: null, options }]}
      none={words.none}
      onClose={props.onClose}
    />
  )
}
