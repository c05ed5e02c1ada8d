import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Relation, RelationList } from '../../api/records.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import link from '../../parts/link.module.css'
import { humanise, useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { SkeletonRows } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './record.module.css'

export function RecordRelations({ query }: { query: UseQueryResult<RelationList> }) {
  const { t } = useText()
  const relations = query.data?.relations ?? []
  const outward = relations.filter((each) => each.direction === 'out')
  const inward = relations.filter((each) => each.direction === 'in')
  return (
    <Section title={t.record.relations}>
      {query.isPending ? <SkeletonRows rows={2} height={44} /> : null}
      {query.isError ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isSuccess && relations.length === 0 ? <p className={styles.none}>{t.record.noRelations}</p> : null}
      <Side title={t.record.outward} relations={outward} />
      <Side title={t.record.inward} relations={inward} />
      {query.data?.more ? <p className={styles.none}>{t.record.moreRelations}</p> : null}
    </Section>
  )
}

function Side({ title, relations }: { title: string; relations: Relation[] }) {
  const { t } = useText()
  const names = useNames()
  if (relations.length === 0) return null
  return (
    <div className={styles.group}>
      <h3>{title}</h3>
      <ul>
        {relations.map((relation) => (
          <li key={`${relation.role}-${relation.sourceId}`} className={styles.relation}>
            <span className={styles.role}>{t.role[relation.role] ?? humanise(relation.role)}</span>
            {relation.record ? (
              <span>
                <Link to={`/records/${relation.record.id}`} className={link.inText}>
                  {relation.record.name ?? t.records.noName}
                </Link>{' '}
                <span className={styles.small}>{names.one(relation.record.entity)}</span>
              </span>
            ) : (
              <span className={styles.empty}>{t.record.notArrived}</span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
