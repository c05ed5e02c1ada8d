import type { FluentIcon } from '@fluentui/react-icons'
import { ArrowSync20Filled, ArrowSync20Regular } from '@fluentui/react-icons/svg/arrow-sync'
import { ArrowUpload20Filled, ArrowUpload20Regular } from '@fluentui/react-icons/svg/arrow-upload'
import { DatabaseArrowRight20Filled, DatabaseArrowRight20Regular } from '@fluentui/react-icons/svg/database-arrow-right'
import { History20Filled, History20Regular } from '@fluentui/react-icons/svg/history'
import { Home20Filled, Home20Regular } from '@fluentui/react-icons/svg/home'
import { Key20Filled, Key20Regular } from '@fluentui/react-icons/svg/key'
import { People20Filled, People20Regular } from '@fluentui/react-icons/svg/people'
import { PlugConnected20Filled, PlugConnected20Regular } from '@fluentui/react-icons/svg/plug-connected'
import { Settings20Filled, Settings20Regular } from '@fluentui/react-icons/svg/settings'
import { Warning20Filled, Warning20Regular } from '@fluentui/react-icons/svg/warning'
import { useQuery } from '@tanstack/react-query'
import { type Right, sessionQuery } from '../api/session.ts'
import type { Text } from '../text/en.ts'

export interface Room {
  to: string
  text(t: Text): string
  icon: FluentIcon
  iconHere: FluentIcon
  /** Pressed after `g`. */
  key: string
  /** Who has not this right is not offered the room. */
  right?: Right
}

interface RoomGroup {
  title(t: Text): string
  rooms: Room[]
}

const rooms: RoomGroup[] = [
  {
    title: (t) => t.nav.watch,
    rooms: [
      { to: '/', text: (t) => t.nav.home, icon: Home20Regular, iconHere: Home20Filled, key: 'h' },
      { to: '/attention', text: (t) => t.nav.attention, icon: Warning20Regular, iconHere: Warning20Filled, key: 'n' },
      { to: '/runs', text: (t) => t.nav.runs, icon: ArrowSync20Regular, iconHere: ArrowSync20Filled, key: 's' },
    ],
  },
  {
    title: (t) => t.nav.use,
    rooms: [
      { to: '/records', text: (t) => t.nav.records, icon: People20Regular, iconHere: People20Filled, key: 'r' },
      { to: '/writes', text: (t) => t.nav.writes, icon: ArrowUpload20Regular, iconHere: ArrowUpload20Filled, key: 'w' },
    ],
  },
  {
    title: (t) => t.nav.manage,
    rooms: [
      {
        to: '/connections',
        text: (t) => t.nav.connections,
        icon: PlugConnected20Regular,
        iconHere: PlugConnected20Filled,
        key: 'c',
      },
      {
        to: '/destinations',
        text: (t) => t.nav.destinations,
        icon: DatabaseArrowRight20Regular,
        iconHere: DatabaseArrowRight20Filled,
        key: 'd',
      },
      { to: '/keys', text: (t) => t.nav.keys, icon: Key20Regular, iconHere: Key20Filled, key: 'k' },
      {
        to: '/audit-log',
        text: (t) => t.nav.auditLog,
        icon: History20Regular,
        iconHere: History20Filled,
        key: 'a',
        right: 'read:audit',
      },
      { to: '/settings', text: (t) => t.nav.settings, icon: Settings20Regular, iconHere: Settings20Filled, key: ',' },
    ],
  },
]

/** The rooms that who is signed in may enter. */
export function useRooms(): RoomGroup[] {
  const { data } = useQuery(sessionQuery)
  const isOffered = ({ right }: Room) => right === undefined || (data?.scopes.includes(right) ?? false)
  return rooms.map((group) => ({ ...group, rooms: group.rooms.filter(isOffered) }))
}
