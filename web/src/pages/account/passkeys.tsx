import { Button } from '@fluentui/react-components'
import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { Fingerprint20Regular } from '@fluentui/react-icons/svg/fingerprint'
import { useState } from 'react'
import { type Account, type Passkey, removePasskey } from '../../api/account.ts'
import { canHavePasskeys } from '../../api/passkeys.ts'
import { Section } from '../../parts/page.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'
import { PasskeyDialog } from './passkey-dialog.tsx'
import { useRemoval } from './use-removal.ts'
import { WayRow } from './way-row.tsx'

export function Passkeys({ account, onCodes }: { account: Account; onCodes(codes: string[]): void }) {
  const { t } = useText()
  const { gone, remove } = useRemoval()
  const [open, setOpen] = useState<Passkey | 'new' | null>(null)
  const passkeys = account.passkeys.filter((passkey) => !gone.has(passkey.id))
  const able = canHavePasskeys()
  return (
    <Section
      title={t.account.passkeys}
      text={passkeys.length > 0 ? t.account.passkeysText : null}
      actions={
        able ? (
          <Button size="small" icon={<Add20Regular />} onClick={() => setOpen('new')}>
            {t.account.passkeyAdd}
          </Button>
        ) : null
      }
    >
      {passkeys.length > 0 ? (
        <ul>
          {passkeys.map((passkey) => (
            <WayRow
              key={passkey.id}
              icon={<Fingerprint20Regular aria-hidden="true" />}
              name={passkey.name}
              text={<PasskeyFacts passkey={passkey} />}
              acts={
                <>
                  <Button
                    appearance="subtle"
                    onClick={() => setOpen(passkey)}
                    aria-label={`${t.account.passkeyRename}: ${passkey.name}`}
                  >
                    {t.account.passkeyRename}
                  </Button>
                  <Button
                    onClick={() =>
                      remove(passkey.id, t.account.passkeyRemoved(passkey.name), () => removePasskey(passkey.id))
                    }
                    aria-label={`${t.act.remove}: ${passkey.name}`}
                  >
                    {t.act.remove}
                  </Button>
                </>
              }
            />
          ))}
        </ul>
      ) : (
        <p className={styles.note}>{able ? t.account.passkeysText : t.account.passkeysNot}</p>
      )}
      {open ? <PasskeyDialog passkey={open} onClose={() => setOpen(null)} onCodes={onCodes} /> : null}
    </Section>
  )
}

function PasskeyFacts({ passkey }: { passkey: Passkey }) {
  const { t } = useText()
  return (
    <>
      {passkey.usedAt ? <RelativeTime at={passkey.usedAt} say={t.account.passkeyUsed} /> : t.account.passkeyUnused}
      {passkey.site === location.hostname ? null : ` · ${passkey.site}`}
      {passkey.synced ? ` · ${t.account.passkeySynced}` : null}
    </>
  )
}
