import { Button, Field, Input, Textarea } from '@fluentui/react-components'
import { Copy20Regular } from '@fluentui/react-icons/svg/copy'
import { Delete20Regular } from '@fluentui/react-icons/svg/delete'
import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useNavigate, useParams } from 'react-router'
import { changeRole, permissionsQuery, type Role, refreshRoles, removeRole, rolesQuery } from '../../api/roles.ts'
import { useAuditLink } from '../../parts/audit-link.tsx'
import { Tag } from '../../parts/badge.tsx'
import { ButtonLink } from '../../parts/button-link.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { PageHeader, Section } from '../../parts/page.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useRoleWords } from '../../parts/role-words.ts'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { useDraft } from './draft.ts'
import { Holders } from './holders.tsx'
import { KindRights } from './kind-rights.tsx'
import { PermissionPicks } from './permission-picks.tsx'
import styles from './role.module.css'

export function RolePage() {
  const { t } = useText()
  const { id = '' } = useParams()
  const roles = useQuery(rolesQuery)
  const permissions = useQuery(permissionsQuery)
  const words = useRoleWords()
  const role = roles.data?.find((each) => each.id === id)
  const crumbs = [{ to: '/roles', text: t.rolePage.title }]
  const error = roles.error ?? permissions.error
  if (roles.data && !role) return <PageHeader title={t.rolePage.gone} tab={t.rolePage.title} crumbs={crumbs} />
  return (
    <>
      <PageHeader
        title={
          role ? (
            <>
              {words.name(id)} <Tag>{role.builtIn ? t.rolePage.builtIn : t.rolePage.madeHere}</Tag>
            </>
          ) : (
            <Bar width={180} height={22} />
          )
        }
        tab={role ? words.name(id) : t.rolePage.title}
        crumbs={crumbs}
        health={role ? <About role={role} /> : <Bar width={140} />}
        actions={role ? <RoleActs role={role} /> : null}
      />
      {error ? (
        <ErrorNotice error={error} onRetry={() => void Promise.all([roles.refetch(), permissions.refetch()])} />
      ) : null}
      {role && permissions.data ? <Editor key={id} role={role} /> : error ? null : <SkeletonBlock height={480} />}
    </>
  )
}

function About({ role }: { role: Role }) {
  const { t } = useText()
  const words = useRoleWords()
  const acts = useAuditLink(role.id)
  return (
    <HealthLine health="none">
      <Facts>
        {words.text(role) || null}
        <span>
          {t.rolePage.held} <Holders role={role} />
        </span>
        {role.builtIn ? null : acts}
      </Facts>
    </HealthLine>
  )
}

function RoleActs({ role }: { role: Role }) {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  const isHeld = role.use.people + role.use.keys > 0
  function remove(): void {
    void navigate('/roles')
    const act = async () => {
      await removeRole(role.id)
      await refreshRoles()
    }
    toasts.later(t.rolePage.removed(role.name), act, () => void navigate(`/roles/${role.id}`))
  }
  return (
    <>
      <ButtonLink
        to={`/roles?new=1&copy=${role.id}`}
        appearance={role.builtIn ? 'primary' : 'secondary'}
        icon={<Copy20Regular />}
      >
        {t.rolePage.copy}
      </ButtonLink>
      {role.builtIn || isHeld ? null : (
        <Button icon={<Delete20Regular />} onClick={remove}>
          {t.act.remove}
        </Button>
      )}
    </>
  )
}

function Editor({ role }: { role: Role }) {
  const { t } = useText()
  const toasts = useToasts()
  const drafting = useDraft(role)
  const { draft, put, change, begin } = drafting
  const save = useProven((input: NonNullable<typeof change>) => changeRole(role.id, input), {
    done: (saved) => {
      begin(saved)
      void refreshRoles()
      toasts.done(t.rolePage.saved(saved.name))
    },
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (change && draft.name.trim()) save.run(change)
  }
  const isHeld = role.use.people + role.use.keys > 0
  const fixed = role.builtIn
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {fixed || isHeld ? <p className={styles.note}>{fixed ? t.rolePage.builtInText : t.rolePage.inUse}</p> : null}
      {fixed ? null : (
        <Section title={t.rolePage.about}>
          <div className={styles.about}>
            <Field
              label={t.rolePage.name}
              validationState={draft.name.trim() ? 'none' : 'error'}
              validationMessage={draft.name.trim() ? null : t.wizard.missing}
            >
              <Input value={draft.name} onChange={(_, { value }) => put({ name: value })} input={{ maxLength: 200 }} />
            </Field>
            <Field label={t.rolePage.description}>
              <Textarea
                value={draft.description}
                onChange={(_, { value }) => put({ description: value })}
                textarea={{ maxLength: 500, rows: 2 }}
              />
            </Field>
          </div>
        </Section>
      )}
      <Section title={t.rolePage.may}>
        <PermissionPicks drafting={drafting} fixed={fixed} />
      </Section>
      <KindRights drafting={drafting} fixed={fixed} />
      {save.error ? <ErrorNotice error={save.error} subject={role.name} /> : null}
      {fixed ? null : (
        <div className={styles.bar} data-waits={change !== null}>
          <span role="status">{change ? t.rolePage.unsaved : ''}</span>
          {change ? <Button onClick={() => begin(role)}>{t.act.undo}</Button> : null}
          <MainButton type="submit" busy={save.busy} disabledFocusable={!change}>
            {t.act.save}
          </MainButton>
        </div>
      )}
    </form>
  )
}
