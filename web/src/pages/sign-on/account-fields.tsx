import { Checkbox, Field, Input, Switch, Textarea } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { rolesQuery } from '../../api/roles.ts'
import { useRoleWords } from '../../parts/role-words.ts'
import { useText } from '../../text/use-text.tsx'
import type { Filling } from './provider-draft.ts'
import styles from './sign-on.module.css'

/** Who comes in by the provider, and as what. */
export function AccountFields({ draft, set, wrongGroup }: Filling & { wrongGroup: string | null }) {
  const { t } = useText()
  return (
    <>
      <Field label={t.signOn.groupClaim} hint={t.signOn.groupClaimHint}>
        <Input value={draft.groupClaim} onChange={(_, { value }) => set({ groupClaim: value })} spellCheck={false} />
      </Field>
      <Field
        label={t.signOn.groups}
        hint={t.signOn.groupsHint}
        validationState={wrongGroup === null ? 'none' : 'error'}
        validationMessage={wrongGroup === null ? null : t.signOn.groupsWrong(wrongGroup)}
      >
        <Textarea
          value={draft.groups}
          onChange={(_, { value }) => set({ groups: value })}
          rows={3}
          resize="vertical"
          spellCheck={false}
          placeholder={'desk = agent\nleads = supervisor'}
        />
      </Field>
      <Checkbox
        label={t.signOn.makesAccounts}
        checked={draft.makesAccounts}
        onChange={(_, { checked }) => set({ makesAccounts: checked === true })}
      />
      {draft.makesAccounts ? (
        <DefaultRoles picked={draft.defaultRoles} onPick={(defaultRoles) => set({ defaultRoles })} />
      ) : null}
      <Checkbox
        label={t.signOn.userinfo}
        checked={draft.userinfo}
        onChange={(_, { checked }) => set({ userinfo: checked === true })}
      />
      <Switch
        label={t.signOn.enabled}
        checked={draft.enabled}
        onChange={(_, { checked }) => set({ enabled: checked === true })}
      />
    </>
  )
}

function DefaultRoles({ picked, onPick }: { picked: readonly string[]; onPick(picked: string[]): void }) {
  const { t } = useText()
  const words = useRoleWords()
  const { data: roles = [] } = useQuery(rolesQuery)
  return (
    <fieldset className={styles.picks}>
      <legend>{t.signOn.defaultRoles}</legend>
      {roles.map(({ id }) => (
        <Checkbox
          key={id}
          label={words.name(id)}
          checked={picked.includes(id)}
          onChange={(_, { checked }) => onPick(checked ? [...picked, id] : picked.filter((each) => each !== id))}
        />
      ))}
    </fieldset>
  )
}
