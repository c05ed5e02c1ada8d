import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import type { Connection } from '../../api/connections.ts'
import { firstRecordsQuery } from '../../api/records.ts'
import { statusQuery } from '../../api/status.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { Meter } from '../../parts/meter.tsx'
import { useNames } from '../../parts/names.ts'
import { SkeletonRows } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './wizard.module.css'

/** It ends on the first records seen. */
export function DoneStep({ connection }: { connection: Connection }) {
  const { t } = useText()
  const names = useNames()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const status = useQuery({ ...statusQuery, refetchInterval: 2000 })
  const tables = status.data?.connections
    .find((each) => each.id === connection.id)
    ?.tables.filter((each) => each.enabled)
  // People before tables of settings: they are what one hoped to see.
  const entity = tables?.find((table) => table.entity === 'contact')?.entity
  const records = useQuery({
    ...firstRecordsQuery(connection.id, entity),
    enabled: tables !== undefined,
    refetchInterval: (query) => ((query.state.data?.length ?? 0) < 5 ? 1000 : false),
  })
  return (
    <>
      <h2 className={styles.title} ref={title} tabIndex={-1}>
        {connection.name}: {t.wizard.done}
      </h2>
      <ul className={styles.copies}>
        {tables?.map((table) => {
          const expected = table.run?.expected ? Math.max(table.run.expected, table.run.records) : null
          const done = table.firstPassAt !== null
          const so = table.run ? table.run.records : table.counts.records
          return (
            <li key={table.entity}>
              <span>{names.many(table.entity)}</span>
              <span className={styles.figure}>
                {expected && !done ? t.unit.ofAll(so, expected) : t.unit.records(table.counts.records)}
              </span>
              <Meter
                label={names.many(table.entity)}
                share={done ? 1 : expected ? so / expected : null}
                tone={done ? 'ok' : 'busy'}
              />
            </li>
          )
        })}
      </ul>
      <h3 className={styles.subtitle}>{records.data?.length ? t.wizard.firstRecords : t.wizard.arriving}</h3>
      <div className={styles.firstRecords}>
        {records.data?.length ? (
          <ul>
            {records.data.map((record) => (
              <li key={record.id}>
                <Link to={`/records/${record.id}`}>{record.name ?? t.records.noName}</Link>
                <span>{names.one(record.entity)}</span>
              </li>
            ))}
          </ul>
        ) : (
          <SkeletonRows rows={5} height={40} />
        )}
      </div>
      <div className={styles.acts}>
        <ButtonLink to={`/connections/${connection.id}`}>{t.wizard.toConnection}</ButtonLink>
        <ButtonLink to="/records">{t.wizard.toRecords}</ButtonLink>
        <ButtonLink to="/runs" appearance="primary">
          {t.wizard.toRuns}
        </ButtonLink>
      </div>
    </>
  )
}
