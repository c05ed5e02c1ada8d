import { Button } from '@fluentui/react-components'
import { ChevronRight20Regular } from '@fluentui/react-icons/svg/chevron-right'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { client, keepSaved } from '../../api/client.ts'
import { connectionsQuery } from '../../api/connections.ts'
import {
  type Destination,
  type DestinationMapping,
  destinationMappingQuery,
  resetMapping,
} from '../../api/destinations.ts'
import { useMay } from '../../api/session.ts'
import { Tag } from '../../parts/badge.tsx'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { humanise, useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { useCrmTitle } from '../destination-mapping/crm-title.ts'
import styles from './mapping-list.module.css'

/** What is written into which column: by table and kind of CRM, each with a way to its editor. */
export function MappingSection({ destination }: { destination: Destination }) {
  const { t } = useText()
  const { id, connectionId } = destination
  const toasts = useToasts()
  const mayEdit = useMay('edit:integrations')
  const mapping = useQuery(destinationMappingQuery(id))
  const connections = useQuery(connectionsQuery)
  const reset = useMutation({
    mutationFn: () => resetMapping(id),
    onSuccess: (back) => {
      keepSaved(['destinations', id, 'mapping'], back)
      void client.invalidateQueries({ queryKey: ['destinations', id, 'mapping'] })
      toasts.done(t.destination.wasReset)
    },
    onError: (error) => toasts.failed(error),
  })
  const shown = mapping.data
  if (!shown || !connections.data) return null
  const sources = connections.data.filter((connection) => connection.id !== connectionId)
  const kinds = [...new Set(sources.map(({ crm }) => crm))]
  const acts =
    mayEdit && shown.changed.length > 0 ? (
      <Button size="small" disabledFocusable={reset.isPending} onClick={() => reset.mutate()}>
        {t.destination.reset}
      </Button>
    ) : null
  return (
    <Section title={t.destination.mapping} text={t.destination.mappingText} actions={acts}>
      {kinds.length > 0 ? (
        <ul className={styles.parts}>
          {kinds.flatMap((crm) =>
            Object.keys(shown.mapping).map((entity) => (
              <Part key={`${crm} ${entity}`} to={`/destinations/${id}/${entity}/${crm}`} {...{ crm, entity, shown }} />
            )),
          )}
        </ul>
      ) : null}
      <Others shown={shown} kinds={kinds} />
    </Section>
  )
}

interface PartProps {
  crm: string
  entity: string
  shown: DestinationMapping
}

function Part({ crm, entity, shown, to }: PartProps & { to: string }) {
  const { t } = useText()
  const names = useNames()
  const title = useCrmTitle()(crm)
  const lines = shown.mapping[entity]?.[crm] ?? shown.mapping[entity]?.['*'] ?? []
  const isChanged = shown.changed.some((one) => one.entity === entity && (one.crm === crm || one.crm === '*'))
  return (
    <li>
      <Link to={to} className={styles.part}>
        <CrmMark crm={crm} size={24} />
        <span className={styles.partName}>{t.destination.partOf(names.many(entity), title)}</span>
        {isChanged ? <Tag>{t.destination.changed}</Tag> : null}
        <span className={styles.faint}>{t.destination.lines(lines.length)}</span>
        <ChevronRight20Regular aria-hidden="true" />
      </Link>
    </li>
  )
}

/** What would be written of a CRM, were it connected. */
function Others({ shown, kinds }: { shown: DestinationMapping; kinds: readonly string[] }) {
  const { t } = useText()
  const parts = Object.entries(shown.mapping).flatMap(([entity, of]) =>
    Object.entries(of)
      .filter(([crm]) => !kinds.includes(crm))
      .map(([crm, lines]) => ({ entity, crm, lines })),
  )
  if (parts.length === 0) return null
  return (
    <details className={styles.others}>
      <summary>{t.destination.otherCrms}</summary>
      <div className={styles.mappings}>
        {parts.map((part) => (
          <Lines key={`${part.entity} ${part.crm}`} {...part} />
        ))}
      </div>
    </details>
  )
}

function Lines({ entity, crm, lines }: LinesProps) {
  const { t } = useText()
  const names = useNames()
  const title = useCrmTitle()(crm)
  return (
    <details className={styles.mapping}>
      <summary>
        <span>{t.destination.partOf(names.many(entity), title)}</span>
        <span className={styles.faint}>{t.destination.lines(lines.length)}</span>
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

interface LinesProps {
  entity: string
  crm: string
  lines: DestinationMapping['mapping'][string][string]
}
