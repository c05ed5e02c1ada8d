import { Button } from '@fluentui/react-components'
import { Key20Regular } from '@fluentui/react-icons/svg/key'
import { PhoneKey20Regular } from '@fluentui/react-icons/svg/phone-key'
import { ShieldKeyhole20Regular } from '@fluentui/react-icons/svg/shield-keyhole'
import { useState } from 'react'
import { type Account, removeTotp } from '../../api/account.ts'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import { NewCodesDialog } from './new-codes-dialog.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { TotpDialog } from './totp-dialog.tsx'
import { useRemoval } from './use-removal.ts'
import { WayRow } from './way-row.tsx'

type Open = 'password' | 'app' | 'codes' | null

/** Password and second step. Passkeys have a section of their own: there may be several. */
export function Ways({ account, onCodes }: { account: Account; onCodes(codes: string[]): void }) {
  const { t } = useText()
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  return (
    <Section title={t.account.ways} text={t.account.waysText}>
      <ul>
        <WayRow
          icon={<Key20Regular aria-hidden="true" />}
          name={t.account.password}
          text={
            account.hasPassword ? t.account.passwordSet : account.email ? t.account.passwordNone : t.account.emailFirst
          }
          acts={
            account.email ? (
              <Button onClick={() => setOpen('password')} appearance={account.hasPassword ? 'secondary' : 'primary'}>
                {account.hasPassword ? t.account.passwordChange : t.account.passwordMake}
              </Button>
            ) : null
          }
        />
        <AppRow account={account} onAdd={() => setOpen('app')} />
        <WayRow
          icon={<ShieldKeyhole20Regular aria-hidden="true" />}
          name={t.account.codes}
          text={
            account.hasTotp || account.passkeys.length > 0
              ? `${t.codes(account.recoveryCodes)} · ${t.account.codesText}`
              : t.account.codesNone
          }
          acts={
            account.hasTotp || account.passkeys.length > 0 ? (
              <Button onClick={() => setOpen('codes')}>{t.account.codesNew}</Button>
            ) : null
          }
        />
      </ul>
      {open === 'password' ? <PasswordDialog account={account} onClose={close} /> : null}
      {open === 'app' ? <TotpDialog onClose={close} onCodes={onCodes} /> : null}
      {open === 'codes' ? <NewCodesDialog onClose={close} onCodes={onCodes} /> : null}
    </Section>
  )
}

function AppRow({ account, onAdd }: { account: Account; onAdd(): void }) {
  const { t } = useText()
  const { gone, remove } = useRemoval()
  const inUse = account.hasTotp && !gone.has('totp')
  return (
    <WayRow
      icon={<PhoneKey20Regular aria-hidden="true" />}
      name={t.account.app}
      text={inUse ? t.account.appOn : t.account.appOff}
      acts={
        inUse ? (
          <Button
            onClick={() => remove('totp', t.account.appRemoved, removeTotp)}
            aria-label={`${t.act.remove}: ${t.account.app}`}
          >
            {t.act.remove}
          </Button>
        ) : account.hasTotp ? null : (
          <Button onClick={onAdd} aria-label={`${t.account.appAdd}: ${t.account.app}`}>
            {t.account.appAdd}
          </Button>
        )
      }
    />
  )
}
