import { Button } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { type DestinationMapping, destinationMappingQuery, resetMapping } from '../../api/destinations.ts'
import { humanise, useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './destinations.module.css'

const crms: Record<string, string> = { salesforce: 'Salesforce', servicenow: 'ServiceNow', zendesk: 'Zendesk' }

/** What is written into which column, by table and kind of CRM. */
export function MappingSection({ id }: { id: string }) {
  const { t } = useText()
  const toasts = useToasts()
  const mapping = useQuery(destinationMappingQuery(id))
  const reset = useMutation({
    mutationFn: () => resetMapping(id),
    onSuccess: (back) => {
      client.setQueryData(['destinations', id, 'mapping'], back)
      toasts.done(t.destination.wasReset)
    },
    onError: (error) => toasts.failed(error),
  })
  const shown = mapping.data
  if (!shown) return null
  const acts =
    shown.changed.length > 0 ? (
      <Button size="small" disabledFocusable={reset.isPending} onClick={() => reset.mutate()}>
        {t.destination.reset}
      </Button>
    ) : null
  return (
    <Section title={t.destination.mapping} text={t.destination.mappingText} actions={acts}>
      <div className={styles.mappings}>
        {Object.entries(shown.mapping).flatMap(([entity, kinds]) =>
          Object.entries(kinds).map(([crm, lines]) => (
            <Lines key={`${entity} ${crm}`} entity={entity} crm={crm} lines={lines} shown={shown} />
          )),
        )}
      </div>
    </Section>
  )
}

function Lines(props: {
  entity: string
  crm: string
  lines: DestinationMapping['mapping'][string][string]
  shown: DestinationMapping
}) {
  const { t } = useText()
  const names = useNames()
  const { entity, crm, lines, shown } = props
  const changed = shown.changed.some((one) => one.entity === entity && one.crm === crm)
  return (
    <details className={styles.mapping}>
      <summary>
        <span>{names.many(entity)}</span>
        <span className={styles.faint}>{crm === '*' ? t.destination.anyCrm : (crms[crm] ?? crm)}</span>
        <span className={styles.faint}>{changed ? t.destination.changed : t.destination.lines(lines.length)}</span>
      </summary>
      <dl>
        {lines.map((line) => (
          <div key={line.to}>
            <dt>
              <code>{line.to}</code>
            </dt>
            <dd>{'field' in line ? <code>{line.field}</code> : humanise(line.model)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
