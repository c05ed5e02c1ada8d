import { Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components'
import { Person20Regular } from '@fluentui/react-icons/svg/person'
import { PersonLink20Regular } from '@fluentui/react-icons/svg/person-link'
import { SignOut20Regular } from '@fluentui/react-icons/svg/sign-out'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { mayAny } from '../api/rights.ts'
import { sessionQuery } from '../api/session.ts'
import { VisuallyHidden } from '../parts/visually-hidden.tsx'
import { useText } from '../text/use-text.tsx'
import styles from './person-menu.module.css'
import { useSignOut } from './use-sign-out.ts'

/** Who is signed in, the way to their account, and out. */
export function PersonMenu({ onGo }: { onGo: (() => void) | undefined }) {
  const { t } = useText()
  const navigate = useNavigate()
  const leave = useSignOut()
  const { data } = useQuery(sessionQuery)
  if (!data) return null
  function go(to: string): void {
    onGo?.()
    void navigate(to)
  }
  return (
    // Within the menu of a narrow screen nothing that lies elsewhere can be pressed.
    <Menu inline positioning={{ position: 'above', align: 'start' }}>
      <MenuTrigger disableButtonEnhancement>
        <button type="button" className={styles.person}>
          <span className={styles.face} aria-hidden="true">
            {initials(data.name)}
          </span>
          <span className={styles.name} aria-hidden="true">
            {data.name}
          </span>
          <VisuallyHidden>{t.me.menu(data.name)}</VisuallyHidden>
        </button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {data.kind === 'person' ? (
            <MenuItem icon={<Person20Regular />} onClick={() => go('/account')}>
              {t.me.account}
            </MenuItem>
          ) : null}
          {data.kind === 'person' && mayAny(data, ['write:records']) ? (
            <MenuItem icon={<PersonLink20Regular />} onClick={() => go('/account/crm')}>
              {t.ownAccounts.title}
            </MenuItem>
          ) : null}
          <MenuItem icon={<SignOut20Regular />} onClick={() => leave.mutate()}>
            {t.act.signOut}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}

/** Of the first and the last word: “Marie de Vos” is MV. */
function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words
  return ends
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase()
}
