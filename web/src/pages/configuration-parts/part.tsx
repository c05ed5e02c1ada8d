import { Button } from '@fluentui/react-components'
import { Delete20Regular } from '@fluentui/react-icons/svg/delete'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { type Part, type PartKind, partQuery, removePart } from '../../api/configuration-parts.ts'
import { configurationFieldsQuery, configurationQuery, refreshConfigurations } from '../../api/configurations.ts'
import { useMay } from '../../api/session.ts'
import { Lost } from '../../frame/lost.tsx'
import { Tag } from '../../parts/badge.tsx'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthLine } from '../../parts/health.tsx'
import link from '../../parts/link.module.css'
import { Changeable, May } from '../../parts/may.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { PartEditor } from './part-editor.tsx'
import { emptyPart, isWrong, kindsOfTab, neededFor } from './part-state.ts'

/** One part of a configuration, or a new one: what it does, and its editor. */
export function PartPage() {
  const { id = '', tab = '', part = '' } = useParams()
  const [search] = useSearchParams()
  const kinds = kindsOfTab[tab]
  const wanted = search.get('kind') as PartKind | null
  const kind = kinds?.find((each) => each === wanted) ?? kinds?.[0]
  if (!kind) return <Lost />
  return <Page key={`${part} ${kind}`} at={{ id, tab, part, kind }} />
}

interface At {
  id: string
  tab: string
  part: string
  kind: PartKind
}

function Page({ at }: { at: At }) {
  const { t } = useText()
  const { id, tab, part, kind } = at
  const isNew = part === 'new'
  const mayEdit = useMay('edit:integrations')
  const configuration = useQuery(configurationQuery(id))
  const offered = useQuery(configurationFieldsQuery(id))
  const stored = useQuery({ ...partQuery(id, part), enabled: !isNew })
  const empty = useMemo(() => emptyPart(kind, id), [kind, id])
  const shown = isNew ? empty : stored.data
  const broken = [configuration, offered, stored].find(({ error }) => error)
  const words = t.configurationParts
  const title = shown?.name || (isNew ? words.make[kind] : (shown?.name ?? words.kinds[kind]))
  const tabs = t.configurations.tabs as Record<string, string>
  return (
    <>
      <PageHeader
        title={shown ? title : broken ? words.kinds[kind] : <Bar width={220} height={22} />}
        tab={title}
        mark={configuration.data ? <CrmMark crm={configuration.data.crm} /> : null}
        crumbs={[
          { to: '/configurations', text: t.configurations.title },
          { to: `/configurations/${id}`, text: configuration.data?.name ?? '…' },
          { to: `/configurations/${id}/${tab}`, text: tabs[tab] ?? tab },
        ]}
        health={shown ? <Health part={shown} /> : broken ? null : <Bar width={200} />}
        actions={shown && !isNew ? <Remove part={shown} tab={tab} /> : null}
      />
      {broken ? <ErrorNotice error={broken.error} onRetry={() => void broken.refetch()} /> : null}
      {configuration.data && offered.data && shown ? (
        <Changeable needs={mayEdit ? neededFor[shown.kind] : 'edit:integrations'}>
          <PartEditor
            key={shown.id}
            part={shown}
            configuration={configuration.data}
            offered={offered.data}
            list={`/configurations/${id}/${tab}`}
          />
        </Changeable>
      ) : broken ? null : (
        <SkeletonBlock height={420} />
      )}
    </>
  )
}

function Health({ part }: { part: Part }) {
  const { t } = useText()
  const words = t.configurationParts
  if (part.version === 0) return <HealthLine health="none">{words.kinds[part.kind]}</HealthLine>
  const wrong = isWrong(part)
  return (
    <HealthLine health={!part.active ? 'idle' : wrong ? 'bad' : 'ok'}>
      {words.kinds[part.kind]} {part.active ? null : <Tag>{words.off}</Tag>}
      {wrong ? <Tag tone="bad">{words.notices(part.notices.length)}</Tag> : null} ·{' '}
      {part.usedBy.length === 0 ? words.unused : `${words.usedBy}: `}
      {part.usedBy.map(({ id, name }, index) => (
        <span key={id}>
          {index > 0 ? ', ' : null}
          <Link className={link.inText} to={`/configurations/${part.configurationId}/agent-workflows/${id}`}>
            {name}
          </Link>
        </span>
      ))}
    </HealthLine>
  )
}

/** What a workflow runs stays until the workflow lets it go. */
function Remove({ part, tab }: { part: Part; tab: string }) {
  const { t, f } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  const list = `/configurations/${part.configurationId}/${tab}`
  const held = part.usedBy.length > 0
  const mayEdit = useMay('edit:integrations')
  function remove(): void {
    if (held) return
    void navigate(list)
    const act = async () => {
      await removePart(part.configurationId, part.id)
      await refreshConfigurations()
    }
    toasts.later(t.configurationParts.removed(part.name), act, () => void navigate(`${list}/${part.id}`))
  }
  if (!mayEdit) return null
  return (
    <May needs={neededFor[part.kind]}>
      <Button
        icon={<Delete20Regular />}
        disabledFocusable={held}
        title={held ? t.configurationParts.inUse(f.list(part.usedBy.map(({ name }) => name))) : ''}
        onClick={remove}
      >
        {t.configurationParts.remove}
      </Button>
    </May>
  )
}
