import { Button } from '@fluentui/react-components'
import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { client } from '../../api/client.ts'
import { type ApiKey, keysQuery, revokeKey } from '../../api/keys.ts'
import { AuditedSince } from '../../parts/audit-link.tsx'
import { Tag } from '../../parts/badge.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthLine } from '../../parts/health.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { usePermissionWords } from '../../parts/permission-words.ts'
import { useRoleWords } from '../../parts/role-words.ts'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import { KeyDialog } from './key-dialog.tsx'
import styles from './keys.module.css'

export function Keys() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const keys = useQuery(keysQuery)
  const making = search.has('new')
  const valid = keys.data?.filter((key) => !key.revokedAt).length ?? 0
  const button = (
    <Button appearance="primary" icon={<Add20Regular />} onClick={() => setSearch({ new: '1' })}>
      {t.keys.create}
    </Button>
  )
  return (
    <>
      <PageHeader
        title={t.keys.title}
        tab={t.keys.title}
        health={
          keys.data ? (
            <HealthLine health={valid > 0 ? 'ok' : 'none'}>{valid > 0 ? t.keys.health(valid) : t.keys.none}</HealthLine>
          ) : (
            <Bar width={160} />
          )
        }
        actions={keys.data?.length ? button : null}
      />
      {keys.isError ? <ErrorNotice error={keys.error} onRetry={() => void keys.refetch()} /> : null}
      {keys.isPending ? <SkeletonBlock height={160} /> : null}
      {keys.data?.length === 0 ? (
        <EmptyState
          title={t.keys.emptyTitle}
          text={t.keys.emptyText}
          picture={<GhostRows rows={3} />}
          action={button}
        />
      ) : null}
      {keys.data?.length ? <KeysTable keys={keys.data} /> : null}
      {making ? <KeyDialog onClose={() => setSearch({}, { replace: true })} /> : null}
    </>
  )
}

function KeysTable({ keys }: { keys: ApiKey[] }) {
  const { t } = useText()
  const toasts = useToasts()
  const [gone, setGone] = useState<string[]>([])
  function revoke(key: ApiKey): void {
    setGone((before) => [...before, key.id])
    toasts.later(
      t.keys.revokedToast(key.name),
      async () => {
        await revokeKey(key.id)
        await client.invalidateQueries({ queryKey: ['keys'] })
      },
      () => setGone((before) => before.filter((id) => id !== key.id)),
    )
  }
  const isGone = (key: ApiKey) => key.revokedAt !== null || gone.includes(key.id)
  const columns = useColumns(isGone, revoke)
  const permissions = usePermissionWords()
  const roles = useRoleWords()
  const under = ({ role, scopes }: ApiKey) =>
    [...(role === null ? [] : [roles.name(role)]), ...scopes.map((scope) => permissions.name(scope))].join(', ')
  return (
    <DataTable
      label={t.keys.title}
      columns={columns}
      rows={keys}
      rowKey={(key) => key.id}
      tone={(key) => (isGone(key) ? 'faint' : undefined)}
      under={under}
      foot={
        <a className={styles.docs} href="/api/openapi.json" target="_blank" rel="noreferrer">
          {t.keys.docs}
        </a>
      }
    />
  )
}

function useColumns(isGone: (key: ApiKey) => boolean, revoke: (key: ApiKey) => void): Column<ApiKey>[] {
  const { t } = useText()
  const permissions = usePermissionWords()
  const roles = useRoleWords()
  return [
    { key: 'name', head: t.keys.name, cell: (key) => <strong className={styles.name}>{key.name}</strong> },
    {
      key: 'hint',
      head: t.keys.hint,
      rank: 2,
      width: '110px',
      cell: (key) => <code className={styles.code}>…{key.hint}</code>,
    },
    {
      key: 'scopes',
      head: t.keys.scopes,
      rank: 3,
      width: '36%',
      cell: (key) => (
        <span className={styles.scopes}>
          {key.role === null ? null : <strong>{roles.name(key.role)}</strong>}
          {key.scopes.map((scope) => (
            <Tag key={scope}>{permissions.name(scope)}</Tag>
          ))}
        </span>
      ),
    },
    {
      key: 'used',
      head: t.keys.lastUsed,
      rank: 2,
      width: '146px',
      cell: (key) => (
        <AuditedSince actor={key.id}>
          <RelativeTime at={key.lastUsedAt} />
        </AuditedSince>
      ),
    },
    {
      key: 'made',
      head: t.keys.made,
      rank: 4,
      width: '146px',
      cell: (key) => (
        <AuditedSince subject={key.id}>
          <RelativeTime at={key.createdAt} />
        </AuditedSince>
      ),
    },
    {
      key: 'act',
      head: <VisuallyHidden>{t.keys.revoke}</VisuallyHidden>,
      figure: true,
      width: '112px',
      cell: (key) =>
        isGone(key) ? (
          <Tag>{t.keys.revoked}</Tag>
        ) : (
          <Button
            size="small"
            appearance="subtle"
            onClick={() => revoke(key)}
            aria-label={`${t.keys.revoke}: ${key.name}`}
          >
            {t.keys.revoke}
          </Button>
        ),
    },
  ]
}
