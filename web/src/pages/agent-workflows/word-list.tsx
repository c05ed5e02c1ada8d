import { Button, Input } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { type KeyboardEvent, useId, useState } from 'react'
import { RemovableChip } from '../../parts/removable-chip.tsx'
import { useText } from '../../text/use-text.tsx'
import editor from '../configuration-parts/editor.module.css'

/** Words that somebody types, or takes from those that are offered; each stands once. */
export function WordList(props: {
  label: string
  hint: string
  add: string
  words: readonly string[]
  offered?: readonly string[]
  nameOf?(word: string): string
  onChange(words: string[]): void
}) {
  const { t } = useText()
  const id = useId()
  const [text, setText] = useState('')
  const { words, offered = [], nameOf = (word: string) => word } = props
  function add(typed: string): void {
    const wanted = typed.trim()
    if (wanted && !words.includes(wanted)) props.onChange([...words, wanted])
    setText('')
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add(text)
  }
  return (
    <fieldset className={editor.group} aria-describedby={id}>
      <legend>{props.label}</legend>
      <p id={id} className={editor.hint}>
        {props.hint}
      </p>
      <div className={editor.words}>
        {words.map((word) => (
          <RemovableChip
            key={word}
            label={nameOf(word)}
            mark={null}
            removeLabel={t.agentWorkflows.takeOut(nameOf(word))}
            onRemove={() => props.onChange(words.filter((each) => each !== word))}
          />
        ))}
        {offered
          .filter((word) => !words.includes(word))
          .map((word) => (
            <Button
              key={word}
              size="small"
              appearance="subtle"
              icon={<Add16Regular />}
              onClick={() => props.onChange([...words, word])}
            >
              {nameOf(word)}
            </Button>
          ))}
      </div>
      <div className={editor.adding}>
        <Input
          aria-label={props.add}
          placeholder={props.add}
          value={text}
          autoComplete="off"
          input={{ maxLength: 100 }}
          onChange={(_, { value }) => setText(value)}
          onKeyDown={onKey}
        />
        <Button
          aria-label={`${t.agentWorkflows.add}: ${props.add}`}
          disabledFocusable={text.trim() === ''}
          onClick={() => add(text)}
        >
          {t.agentWorkflows.add}
        </Button>
      </div>
    </fieldset>
  )
}
