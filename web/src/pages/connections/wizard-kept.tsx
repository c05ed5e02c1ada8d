import { useQuery } from '@tanstack/react-query'
import { authenticationsQuery } from '../../api/authentications.ts'
import { useText } from '../../text/use-text.tsx'
import { type Draft, originOf, type Send } from './wizard-state.ts'
import stepStyles from './wizard-steps.module.css'

/** Credentials of the same kind that are there already, and may be used at this address. */
export function KeptChoice({ state, send }: { state: Draft; send: Send }) {
  const { t, f } = useText()
  const { data = [] } = useQuery(authenticationsQuery)
  const origin = originOf(state.url) ?? ''
  const fitting = data.filter(
    ({ crm, places, consent }) =>
      crm === state.crm && consent !== 'waiting' && (places === null || places.includes(origin)),
  )
  if (state.makes !== 'connection' || fitting.length === 0) return null
  const choices = [{ id: '', name: t.authentications.asNew, hint: null as string | null }]
  for (const { id, name, connections } of fitting) {
    const users = f.list(connections.map((connection) => connection.name))
    choices.push({ id, name, hint: users ? `${t.authentications.usedBy}: ${users}` : t.authentications.unused })
  }
  return (
    <fieldset className={stepStyles.flows}>
      <legend>{t.authentications.as}</legend>
      {choices.map(({ id, name, hint }) => (
        <label key={id}>
          <input
            type="radio"
            name="authentication"
            checked={state.authentication === id}
            onChange={() => send({ do: 'put', name: 'authentication', value: id })}
          />
          <span>
            {name}
            {hint ? <small>{hint}</small> : null}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
