import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { useQuery } from '@tanstack/react-query'
import { type Part, type PartKind, partsQuery } from '../../api/configuration-parts.ts'
import { type Configuration, configurationFieldsQuery } from '../../api/configurations.ts'
import { useMay } from '../../api/session.ts'
import { Tag } from '../../parts/badge.tsx'
import { ButtonLink } from '../../parts/button-link.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './editor.module.css'
import { useEntityWords } from './entity-words.ts'
import { isWrong, kindsOfTab, neededFor } from './part-state.ts'
import { TwinOffer } from './twin-offer.tsx'

/** A tab of the configuration: its parts of some kinds, and the way to a new one. */
export function PartList({ configuration, tab }: { configuration: Configuration; tab: string }) {
  const { t } = useText()
  const { data, isPending, isError, error, refetch } = useQuery(partsQuery(configuration.id))
  const kinds = kindsOfTab[tab] ?? []
  const parts = data?.filter(({ kind }) => kinds.includes(kind))
  const make = (
    <span className={styles.words}>
      {kinds.map((kind, index) => (
        <MakeButton key={kind} configuration={configuration.id} {...{ tab, kind, main: index === 0 }} />
      ))}
    </span>
  )
  const [title, text] = t.configurationParts.empty[kinds.length > 1 ? tab : (kinds[0] ?? '')] ?? ['', '']
  return (
    <>
      {isError ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <SkeletonBlock height={160} /> : null}
      {tab === 'memorialization' ? <TwinOffer parts={parts ?? []} /> : null}
      {parts?.length === 0 ? (
        <EmptyState title={title} text={text} picture={<GhostRows rows={3} />} action={make} />
      ) : null}
      {parts?.length ? (
        <>
          <div className={styles.listActs}>{make}</div>
          <List {...{ configuration, tab, parts, kinds }} />
        </>
      ) : null}
    </>
  )
}

function MakeButton(props: { configuration: string; tab: string; kind: PartKind; main: boolean }) {
  const { t } = useText()
  const { configuration, tab, kind, main } = props
  const mayEdit = useMay('edit:integrations')
  const may = useMay(neededFor[kind]) && mayEdit
  if (!may) return null
  return (
    <ButtonLink
      to={`/configurations/${configuration}/${tab}/new${main ? '' : `?kind=${kind}`}`}
      appearance={main ? 'primary' : 'secondary'}
      icon={<Add20Regular />}
    >
      {t.configurationParts.make[kind]}
    </ButtonLink>
  )
}

function List(props: { configuration: Configuration; tab: string; parts: Part[]; kinds: readonly PartKind[] }) {
  const { t, f } = useText()
  const { configuration, tab, parts, kinds } = props
  const words = t.configurationParts
  const about = useAbout(configuration.id)
  const users = ({ usedBy }: Part) => (usedBy.length > 0 ? f.list(usedBy.map(({ name }) => name)) : words.unused)
  return (
    <DataTable
      label={t.configurations.tabs[tab as keyof typeof t.configurations.tabs]}
      rows={parts}
      rowKey={({ id }) => id}
      href={({ id, kind }) =>
        `/configurations/${configuration.id}/${tab}/${id}${kind === kinds[0] ? '' : `?kind=${kind}`}`
      }
      tone={(part) => (isWrong(part) ? 'bad' : part.active ? undefined : 'faint')}
      under={(part) => about(part)}
      columns={[
        {
          key: 'name',
          head: words.name,
          cell: (part) => (
            <>
              {part.name}
              {part.description ? <span className={styles.text}>{part.description}</span> : null}
            </>
          ),
        },
        { key: 'what', head: words.what, rank: 2, width: '34%', cell: about },
        {
          key: 'state',
          head: t.configurations.state,
          width: '150px',
          rank: 2,
          cell: (part) => (
            <span className={styles.tags}>
              <Tag {...(part.active ? { tone: 'ok' as const } : {})}>
                {part.active ? t.configurations.states.active : words.off}
              </Tag>
              {part.notices.length > 0 ? (
                <Tag tone={isWrong(part) ? 'bad' : 'warn'}>{words.notices(part.notices.length)}</Tag>
              ) : null}
            </span>
          ),
        },
        { key: 'used', head: words.usedBy, rank: 3, width: '24%', cell: users },
      ]}
    />
  )
}

/** What a part does, in a few words. */
function useAbout(configuration: string): (part: Part) => string {
  const { t, f } = useText()
  const { data: offered } = useQuery(configurationFieldsQuery(configuration))
  const { one } = useEntityWords(offered)
  const words = t.configurationParts
  const entities = (all: readonly { entity: string }[]) => f.list(all.map(({ entity }) => one(entity)))
  return (part) => {
    switch (part.kind) {
      case 'memorialization': {
        const { channel } = part.definition
        const to = words.memorialization.about(entities(part.definition.entities))
        return `${words.memorialization.channels[channel]}: ${to}`
      }
      case 'dynamic_data':
        return words.dynamic.about(entities(part.definition.entities))
      case 'create':
        return words.records.createAbout(one(part.definition.entity))
      case 'update':
        return words.records.updateAbout(one(part.definition.entity))
      case 'search': {
        const { definition } = part
        if (definition.by === 'custom')
          return words.search.customAbout(one(definition.entity), definition.conditions.length)
        const where = definition.entities.map((entity) => one(entity))
        return words.search.callerAbout(where.length > 0 ? f.list(where) : words.search.everything)
      }
    }
  }
}
