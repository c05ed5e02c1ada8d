import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { statusQuery } from '../../api/status.ts'
import { Finder } from '../../parts/finder.tsx'
import { useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'

/** Kinds of the model, and those of the tables that are copied. */
export function KindFinder(props: { without: readonly string[]; onPick(entity: string): void; onClose(): void }) {
  const { t } = useText()
  const names = useNames()
  const [text, setText] = useState('')
  const status = useQuery(statusQuery)
  const copied = status.data?.connections.flatMap(({ tables }) => tables.map(({ entity }) => entity)) ?? []
  const kinds = [...new Set([...Object.keys(t.entity), ...copied])].filter((kind) => !props.without.includes(kind))
  const options = kinds
    .filter((kind) => `${names.many(kind)} ${kind}`.toLowerCase().includes(text.trim().toLowerCase()))
    .map((kind) => ({
      key: kind,
      content: names.many(kind),
      choose: () => {
        props.onClose()
        props.onPick(kind)
      },
    }))
  return (
    <Finder
      label={t.rolePage.addKind}
      field={{ label: t.rolePage.findKind, placeholder: t.rolePage.findKind }}
      text={text}
      onText={setText}
      groups={[{ title: null, options }]}
      none={t.palette.none}
      onClose={props.onClose}
    />
  )
}
