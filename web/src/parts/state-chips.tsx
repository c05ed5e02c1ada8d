import { useSearchParams } from 'react-router'
import { useText } from '../text/use-text.tsx'
import { Chips } from './chips.tsx'

/** Narrows the list below down to one state, which stands in the page's address. */
export function StateChips<State extends string>(props: {
  /** In the order in which they are offered. */
  states: readonly State[]
  names: Readonly<Record<State, string>>
  all: string
  value: State | undefined
}) {
  const { t } = useText()
  const [, setSearch] = useSearchParams()
  const chips = props.states.map((value) => ({ value, text: props.names[value] }))
  return (
    <Chips<State | 'all'>
      label={t.runs.state}
      chips={[{ value: 'all', text: props.all }, ...chips]}
      value={props.value ?? 'all'}
      onPick={(value) =>
        setSearch(value === 'all' ? {} : { state: value }, { replace: true, preventScrollReset: true })
      }
    />
  )
}
