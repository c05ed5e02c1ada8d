import type { FluentIcon } from '@fluentui/react-icons'
import { ArrowSync20Filled, ArrowSync20Regular } from '@fluentui/react-icons/svg/arrow-sync'
import { ArrowUpload20Filled, ArrowUpload20Regular } from '@fluentui/react-icons/svg/arrow-upload'
import { ChatMultiple20Filled, ChatMultiple20Regular } from '@fluentui/react-icons/svg/chat-multiple'
import { DatabaseArrowRight20Filled, DatabaseArrowRight20Regular } from '@fluentui/react-icons/svg/database-arrow-right'
import { GlobeShield20Filled, GlobeShield20Regular } from '@fluentui/react-icons/svg/globe-shield'
import { Headset20Filled, Headset20Regular } from '@fluentui/react-icons/svg/headset'
import { History20Filled, History20Regular } from '@fluentui/react-icons/svg/history'
import { Home20Filled, Home20Regular } from '@fluentui/react-icons/svg/home'
import { Key20Filled, Key20Regular } from '@fluentui/react-icons/svg/key'
import { LockClosedKey20Filled, LockClosedKey20Regular } from '@fluentui/react-icons/svg/lock-closed-key'
import { People20Filled, People20Regular } from '@fluentui/react-icons/svg/people'
import { PeopleTeam20Filled, PeopleTeam20Regular } from '@fluentui/react-icons/svg/people-team'
import { PersonAccounts20Filled, PersonAccounts20Regular } from '@fluentui/react-icons/svg/person-accounts'
import { PlugConnected20Filled, PlugConnected20Regular } from '@fluentui/react-icons/svg/plug-connected'
import { Settings20Filled, Settings20Regular } from '@fluentui/react-icons/svg/settings'
import { ShieldTask20Filled, ShieldTask20Regular } from '@fluentui/react-icons/svg/shield-task'
import { Warning20Filled, Warning20Regular } from '@fluentui/react-icons/svg/warning'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { mayAny, type Permission } from '../api/rights.ts'
import { sessionQuery } from '../api/session.ts'
import type { Text } from '../text/en.ts'

export interface Room {
  to: string
  text(t: Text): string
  icon: FluentIcon
  iconHere: FluentIcon
  /** Pressed after `g`. */
  key: string
  /** Whoever has none of these permissions is not offered it; absent: it is everybody's. */
  needs?: readonly Permission[]
}

const rooms: { title(t: Text): string; rooms: Room[] }[] = [
  {
    title: (t) => t.nav.watch,
    rooms: [
      {
        to: '/',
        text: (t) => t.nav.home,
        icon: Home20Regular,
        iconHere: Home20Filled,
        key: 'h',
        needs: ['read:status'],
      },
      {
        to: '/attention',
        text: (t) => t.nav.attention,
        icon: Warning20Regular,
        iconHere: Warning20Filled,
        key: 'n',
        needs: ['read:status'],
      },
      {
        to: '/runs',
        text: (t) => t.nav.runs,
        icon: ArrowSync20Regular,
        iconHere: ArrowSync20Filled,
        key: 's',
        needs: ['read:status'],
      },
    ],
  },
  {
    title: (t) => t.nav.use,
    rooms: [
      {
        to: '/desktop',
        text: (t) => t.nav.desktop,
        icon: Headset20Regular,
        iconHere: Headset20Filled,
        key: 'e',
        needs: ['use:desktop'],
      },
      {
        to: '/records',
        text: (t) => t.nav.records,
        icon: People20Regular,
        iconHere: People20Filled,
        key: 'r',
        needs: ['read:records'],
      },
      {
        to: '/writes',
        text: (t) => t.nav.writes,
        icon: ArrowUpload20Regular,
        iconHere: ArrowUpload20Filled,
        key: 'w',
        needs: ['read:records'],
      },
      {
        to: '/interactions',
        text: (t) => t.nav.interactions,
        icon: ChatMultiple20Regular,
        iconHere: ChatMultiple20Filled,
        key: 'l',
        needs: ['read:interactions'],
      },
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
        needs: ['read:status'],
      },
      {
        to: '/authentications',
        text: (t) => t.nav.authentications,
        icon: LockClosedKey20Regular,
        iconHere: LockClosedKey20Filled,
        key: 'i',
        needs: ['edit:integrations'],
      },
      {
        to: '/destinations',
        text: (t) => t.nav.destinations,
        icon: DatabaseArrowRight20Regular,
        iconHere: DatabaseArrowRight20Filled,
        key: 'd',
        needs: ['read:status'],
      },
      {
        to: '/configurations',
        text: (t) => t.nav.configurations,
        icon: Headset20Regular,
        iconHere: Headset20Filled,
        key: 'f',
        needs: ['read:status', 'edit:integrations'],
      },
      {
        to: '/sites',
        text: (t) => t.nav.sites,
        icon: GlobeShield20Regular,
        iconHere: GlobeShield20Filled,
        key: 'b',
        needs: ['edit:integrations'],
      },
      { to: '/settings', text: (t) => t.nav.settings, icon: Settings20Regular, iconHere: Settings20Filled, key: ',' },
    ],
  },
  {
    title: (t) => t.nav.access,
    rooms: [
      {
        to: '/people',
        text: (t) => t.nav.people,
        icon: PersonAccounts20Regular,
        iconHere: PersonAccounts20Filled,
        key: 'p',
        needs: ['manage:people'],
      },
      {
        to: '/roles',
        text: (t) => t.nav.roles,
        icon: ShieldTask20Regular,
        iconHere: ShieldTask20Filled,
        key: 'o',
        needs: ['manage:people'],
      },
      {
        to: '/teams',
        text: (t) => t.nav.teams,
        icon: PeopleTeam20Regular,
        iconHere: PeopleTeam20Filled,
        key: 't',
        needs: ['manage:people'],
      },
      {
        to: '/keys',
        text: (t) => t.nav.keys,
        icon: Key20Regular,
        iconHere: Key20Filled,
        key: 'k',
        needs: ['manage:keys'],
      },
      {
        to: '/audit-log',
        text: (t) => t.nav.auditLog,
        icon: History20Regular,
        iconHere: History20Filled,
        key: 'a',
        needs: ['read:audit'],
      },
    ],
  },
]

/** The rooms that whoever is signed in may enter: what one may not do is not offered. */
export function useRooms(): typeof rooms {
  const { data } = useQuery(sessionQuery)
  return useMemo(() => {
    const may = ({ needs }: Room) => needs === undefined || mayAny(data, needs)
    return rooms
      .map((group) => ({ ...group, rooms: group.rooms.filter(may) }))
      .filter((group) => group.rooms.length > 0)
  }, [data])
}

/** Pages that more is needed for than for their room. */
const within: { at: RegExp; needs: readonly Permission[] }[] = [
  { at: /^\/connections\/new$/, needs: ['create:integrations'] },
  { at: /^\/configurations\/new$/, needs: ['create:integrations'] },
  { at: /^\/records\/./, needs: ['read:records'] },
]

/** What is needed to be at an address; undefined: nothing but being signed in. */
export function neededAt(pathname: string): readonly Permission[] | undefined {
  const page = within.find(({ at }) => at.test(pathname))
  if (page) return page.needs
  const all = rooms.flatMap((group) => group.rooms)
  return all.find(({ to }) => (to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`)))?.needs
}

export function useAllRooms(): Room[] {
  const groups = useRooms()
  return useMemo(() => groups.flatMap((group) => group.rooms), [groups])
}
