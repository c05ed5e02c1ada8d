import { ArrowSync20Regular } from '@fluentui/react-icons/svg/arrow-sync'
import { Key20Regular } from '@fluentui/react-icons/svg/key'
import { LocalLanguage20Regular } from '@fluentui/react-icons/svg/local-language'
import { Person20Regular } from '@fluentui/react-icons/svg/person'
import { PlugConnected20Regular } from '@fluentui/react-icons/svg/plug-connected'
import { Search20Regular } from '@fluentui/react-icons/svg/search'
import { WeatherMoon20Regular } from '@fluentui/react-icons/svg/weather-moon'
import { WeatherSunny20Regular } from '@fluentui/react-icons/svg/weather-sunny'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { connectionsQuery } from '../api/connections.ts'
import { lookupQuery } from '../api/lookup.ts'
import { requestRun } from '../api/runs.ts'
import { useMay } from '../api/session.ts'
import { CrmMark } from '../parts/crm-mark.tsx'
import { useNames } from '../parts/names.ts'
import { useToasts } from '../parts/toasts.tsx'
import { languages } from '../text/language.ts'
import { useText } from '../text/use-text.tsx'
import { setLanguage, setTheme, usePreferences } from './preferences.ts'
import { useAllRooms } from './rooms.ts'

export interface Entry {
  key: string
  text: string
  hint?: string
  icon: ReactNode
  act(): void
}

export interface EntryGroup {
  title: string
  entries: Entry[]
}

/** What the palette offers for what was typed. */
export function useEntries(text: string): EntryGroup[] {
  const { t } = useText()
  const typed = text.trim().toLowerCase()
  const fits = (entry: Entry) => typed === '' || plain(entry.text).includes(plain(typed))
  const groups = [
    { title: t.palette.records, entries: useRecordEntries(text.trim()) },
    { title: t.palette.pages, entries: usePageEntries().filter(fits) },
    { title: t.palette.connections, entries: useConnectionEntries().filter(fits) },
    { title: t.palette.acts, entries: useActEntries().filter(fits) },
  ]
  return groups.filter((group) => group.entries.length > 0)
}

/** Without capitals and accents: `reglages` finds `Réglages`. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

function usePageEntries(): Entry[] {
  const { t } = useText()
  const navigate = useNavigate()
  const rooms = useAllRooms()
  return rooms.map((room) => ({
    key: room.to,
    text: room.text(t),
    hint: `g ${room.key}`,
    icon: <room.icon aria-hidden="true" />,
    act: () => void navigate(room.to),
  }))
}

function useConnectionEntries(): Entry[] {
  const navigate = useNavigate()
  const { data = [] } = useQuery(connectionsQuery)
  return data.map((connection) => ({
    key: connection.id,
    text: connection.name,
    hint: new URL(connection.url).host,
    icon: <CrmMark crm={connection.crm} size={20} />,
    act: () => void navigate(`/connections/${connection.id}`),
  }))
}

function useRecordEntries(text: string): Entry[] {
  const { t } = useText()
  const names = useNames()
  const navigate = useNavigate()
  const { data } = useQuery(lookupQuery(text))
  const may = useMay('read:records')
  if (text.length < 2 || !may) return []
  const found: Entry[] = (data?.matches ?? []).slice(0, 6).map((match) => ({
    key: match.id,
    text: match.name ?? t.records.noName,
    hint: names.one(match.entity),
    icon: <Person20Regular aria-hidden="true" />,
    act: () => void navigate(`/records/${match.id}`),
  }))
  const all: Entry = {
    key: 'look-up',
    text: t.palette.lookUp(text),
    icon: <Search20Regular aria-hidden="true" />,
    act: () => void navigate(`/records?q=${encodeURIComponent(text)}`),
  }
  return [...found, all]
}

function useActEntries(): Entry[] {
  const { t, f } = useText()
  const navigate = useNavigate()
  const { dark, language } = usePreferences()
  const toasts = useToasts()
  const { data: connections = [] } = useQuery(connectionsQuery)
  const may = { connect: useMay('create:integrations'), sync: useMay('manage:sync'), keys: useMay('manage:keys') }
  const syncs = connections
    .filter((connection) => may.sync && connection.state === 'active')
    .map((connection) => ({
      key: `sync-${connection.id}`,
      text: t.palette.syncNow(connection.name),
      icon: <ArrowSync20Regular aria-hidden="true" />,
      act: () => {
        requestRun({ connection: connection.id, kind: 'incremental' })
          .then(({ runs }) => toasts.done(t.runs.requested(runs.length)))
          .catch((error: unknown) => toasts.failed(error, connection.name))
      },
    }))
  const offered: (Entry & { isOffered?: boolean })[] = [
    {
      key: 'connect',
      isOffered: may.connect,
      text: t.palette.toConnect,
      icon: <PlugConnected20Regular aria-hidden="true" />,
      act: () => void navigate('/connections/new'),
    },
    ...syncs,
    {
      key: 'key',
      isOffered: may.keys,
      text: t.palette.toKey,
      icon: <Key20Regular aria-hidden="true" />,
      act: () => void navigate('/keys?new=1'),
    },
    {
      key: 'theme',
      text: dark ? t.palette.toLight : t.palette.toDark,
      hint: 't',
      icon: dark ? <WeatherSunny20Regular aria-hidden="true" /> : <WeatherMoon20Regular aria-hidden="true" />,
      act: () => setTheme(dark ? 'light' : 'dark'),
    },
    ...languages
      .filter((each) => each !== language)
      .map((each) => ({
        key: `language-${each}`,
        text: t.palette.toLanguage(f.language(each)),
        icon: <LocalLanguage20Regular aria-hidden="true" />,
        act: () => setLanguage(each),
      })),
  ]
  return offered.filter(({ isOffered = true }) => isOffered)
}
