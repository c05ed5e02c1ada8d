import { Button } from '@fluentui/react-components'
import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { permissionsQuery, type Role, rolesQuery } from '../../api/roles.ts'
import { Tag } from '../../parts/badge.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthLine } from '../../parts/health.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { useRoleWords } from '../../parts/role-words.ts'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { CopyDialog } from './copy-dialog.tsx'
import { Holders } from './holders.tsx'
import { RoleMatrix } from './role-matrix.tsx'
import styles from './roles.module.css'

/** What each role may do, side by side; on a narrow screen the roles alone. */
export function Roles() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const roles = useQuery(rolesQuery)
  const permissions = useQuery(permissionsQuery)
  const error = roles.error ?? permissions.error
  const builtIn = roles.data?.filter((role) => role.builtIn).length ?? 0
  return (
    <>
      <PageHeader
        title={t.rolePage.title}
        tab={t.rolePage.title}
        health={
          roles.data ? (
            <HealthLine health="none">{t.rolePage.health(builtIn, roles.data.length - builtIn)}</HealthLine>
          ) : (
            <Bar width={200} />
          )
        }
        actions={
          <Button appearance="primary" icon={<Add20Regular />} onClick={() => setSearch({ new: '1' })}>
            {t.rolePage.make}
          </Button>
        }
      />
      {error ? (
        <ErrorNotice error={error} onRetry={() => void Promise.all([roles.refetch(), permissions.refetch()])} />
      ) : null}
      {roles.data && permissions.data ? (
        <div className={styles.page}>
          <div className={styles.wide}>
            <RoleMatrix roles={roles.data} permissions={permissions.data} />
          </div>
          <div className={styles.narrow}>
            <RoleList roles={roles.data} />
          </div>
        </div>
      ) : error ? null : (
        <SkeletonBlock height={560} />
      )}
      {search.has('new') && roles.data ? (
        <CopyDialog roles={roles.data} from={search.get('copy')} onClose={() => setSearch({}, { replace: true })} />
      ) : null}
    </>
  )
}

function RoleList({ roles }: { roles: Role[] }) {
  const { t } = useText()
  const words = useRoleWords()
  return (
    <DataTable
      label={t.rolePage.title}
      rows={roles}
      rowKey={(role) => role.id}
      href={(role) => `/roles/${role.id}`}
      under={(role) => <Holders role={role} />}
      columns={[
        {
          key: 'name',
          head: t.rolePage.name,
          cell: (role) => (
            <>
              {words.name(role.id)} {role.builtIn ? null : <Tag>{t.rolePage.madeHere}</Tag>}
              <span className={styles.text}>{words.text(role)}</span>
            </>
          ),
        },
        { key: 'held', head: t.rolePage.held, rank: 2, width: '30%', cell: (role) => <Holders role={role} /> },
      ]}
    />
  )
}
