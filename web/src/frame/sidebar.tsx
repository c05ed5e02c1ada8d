import { Search16Regular } from '@fluentui/react-icons/svg/search'
import { useQuery } from '@tanstack/react-query'
import { Link, NavLink } from 'react-router'
import { attentionTotal } from '../api/attention.ts'
import { useMay } from '../api/session.ts'
import { statusQuery } from '../api/status.ts'
import { VisuallyHidden } from '../parts/visually-hidden.tsx'
import { useText } from '../text/use-text.tsx'
import { LiveLamp } from './live-lamp.tsx'
import { Mark } from './mark.tsx'
import { PersonMenu } from './person-menu.tsx'
import { type Room, useRooms } from './rooms.ts'
import { modifierName } from './shortcuts.ts'
import styles from './sidebar.module.css'

export function Sidebar(props: { onFind(): void; onGo?(): void }) {
  const { t } = useText()
  const rooms = useRooms()
  const follows = useMay('read:status', 'read:records')
  return (
    <div className={styles.side}>
      <Link to="/" className={styles.brand} onClick={props.onGo}>
        <Mark />
        <span>{t.product}</span>
      </Link>
      <button type="button" className={styles.find} onClick={props.onFind} aria-keyshortcuts="Control+K Meta+K">
        <Search16Regular aria-hidden="true" />
        <span>{t.nav.find}</span>
        <kbd>{modifierName} K</kbd>
      </button>
      <nav aria-label={t.nav.main} className={styles.nav}>
        {rooms.map((group) => (
          <div key={group.title(t)} className={styles.group}>
            <p className={styles.groupTitle}>{group.title(t)}</p>
            <ul>
              {group.rooms.map((room) => (
                <li key={room.to}>
                  <RoomLink room={room} onGo={props.onGo} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      {follows ? (
        <div className={styles.foot}>
          <LiveLamp />
        </div>
      ) : null}
      <PersonMenu onGo={props.onGo} />
    </div>
  )
}

function RoomLink({ room, onGo }: { room: Room; onGo: (() => void) | undefined }) {
  const { t } = useText()
  return (
    <NavLink to={room.to} end={room.to === '/'} className={styles.link ?? ''} onClick={onGo}>
      {({ isActive }) => {
        const Icon = isActive ? room.iconHere : room.icon
        return (
          <>
            <Icon aria-hidden="true" />
            <span className={styles.linkText}>{room.text(t)}</span>
            {room.to === '/attention' ? <Waiting /> : null}
          </>
        )
      }}
    </NavLink>
  )
}

function Waiting() {
  const { t, f } = useText()
  const { data } = useQuery(statusQuery)
  if (!data) return null
  const kept = attentionTotal(data.attention)
  const total = kept + (data.feedHeldBack ? 1 : 0)
  if (total === 0) return null
  const pressing = kept > data.attention.parked
  return (
    <span className={styles.count} data-pressing={pressing}>
      <span aria-hidden="true">{f.count(total)}</span>
      <VisuallyHidden>{t.nav.waiting(total)}</VisuallyHidden>
    </span>
  )
}
