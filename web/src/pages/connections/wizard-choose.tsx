import type { Connector } from '../../api/connectors.ts'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './wizard.module.css'
import type { Draft, Send } from './wizard-state.ts'

/** Those that this version cannot connect yet are shown greyed, so that nobody searches for them. */
const coming: [string, string][] = [
  ['salesforce', 'Salesforce'],
  ['servicenow', 'ServiceNow'],
  ['zendesk', 'Zendesk'],
  ['hubspot', 'HubSpot'],
]

export function ChooseStep({
  connectors,
  makes,
  send,
}: {
  connectors: Connector[]
  makes: Draft['makes']
  send: Send
}) {
  const { t } = useText()
  // How an API is signed in to stands in the definition that its connection has.
  const offered = makes === 'connection' ? connectors : connectors.filter((connector) => !connector.needsDefinition)
  const rest = coming.filter(([crm]) => !connectors.some((connector) => connector.crm === crm))
  return (
    <>
      <h2 className={styles.title}>{t.wizard.choose}</h2>
      <p className={styles.text}>{makes === 'connection' ? t.wizard.chooseText : t.authentications.chooseText}</p>
      <ul className={styles.crms}>
        {offered.map((connector) => (
          <li key={connector.crm}>
            <button type="button" className={styles.crm} onClick={() => send({ do: 'choose', connector })}>
              <CrmMark crm={connector.crm} size={44} />
              <span>
                {t.http.titles[connector.crm] ?? connector.title}
                {connector.needsDefinition ? <small>{t.http.chooseText}</small> : null}
              </span>
            </button>
          </li>
        ))}
        {rest.map(([crm, title]) => (
          <li key={crm}>
            <div className={styles.crm} data-coming="true">
              <CrmMark crm={crm} size={44} />
              <span>
                {title}
                <small>{t.wizard.soon}</small>
              </span>
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}
