import { isPlainOrigin } from '#core/address.ts'
import type { Clock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import type { Pool, Queryable } from '#database/pool.ts'

/** In whose pages the panel may stand. */
export interface FrameSettings {
  frameOrigins: readonly string[]
  teams: boolean
  version: number
}

/** Where Microsoft Teams shows apps: its web client by the older and the newer name. */
const teamsOrigins = ['https://teams.microsoft.com', 'https://*.teams.microsoft.com', 'https://*.cloud.microsoft']

export const originsOf = ({ frameOrigins, teams }: FrameSettings): string[] => [
  ...frameOrigins,
  ...(teams ? teamsOrigins : []),
]

export async function readFrameSettings(db: Queryable): Promise<FrameSettings> {
  const { rows } = await db.query<{ settings: Partial<FrameSettings>; version: number }>(
    `select coalesce(settings->'frames', '{}') as settings, version from jackfield.desktop_setting`,
  )
  const { frameOrigins = [], teams = false } = rows[0]?.settings ?? {}
  return { frameOrigins, teams, version: rows[0]?.version ?? 0 }
}

/** Beside what else is set of the desktop. Throws settings.changed where other settings stand by now. */
export async function changeFrameSettings(db: Queryable, wanted: FrameSettings): Promise<FrameSettings> {
  const { version, frameOrigins, teams } = wanted
  const frames = { frameOrigins: [...new Set(frameOrigins)], teams }
  const { rows } = await db.query<{ version: number }>(
    `insert into jackfield.desktop_setting as s (settings) select jsonb_build_object('frames', $1::jsonb)
     where $2 = 0 or exists (select from jackfield.desktop_setting)
     on conflict (only_one) do update set settings = s.settings || excluded.settings, version = s.version + 1,
       changed_at = now()
     where s.version = $2
     returning version`,
    [JSON.stringify(frames), version],
  )
  if (rows[0]) return { ...frames, version: rows[0].version }
  throw new HubError('settings.changed', 'The settings of the desktop were changed by somebody else meanwhile', {
    mend: 'Look at them again, then make the change anew.',
  })
}

/** Made once for this hub: Teams takes a package with the same id as a newer version of the same app. */
export async function teamsAppId(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into jackfield.desktop_setting as s (settings, version)
     values (jsonb_build_object('teamsAppId', gen_random_uuid()), 0)
     on conflict (only_one) do update set settings = excluded.settings || s.settings
     returning settings->>'teamsAppId' as id`,
  )
  return rows[0]!.id
}

/** Domains of the CRMs whose pages are shown within the desktop. */
async function framedDomains(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ domain: string }>({
    name: 'framed-domains',
    text: `select distinct f.screen_pop_domain as domain from jackfield.crm_configuration f
      join jackfield.agent_workflow w on w.configuration_id = f.id
      where f.state = 'active' and w.definition->'screenPop'->>'how' = 'frame' order by 1`,
  })
  return rows.map(({ domain }) => domain).filter(isPlainOrigin)
}

/** How long a page is framed, and frames, by what was read before, in any process. */
const trustedMs = 5_000

/** Asked at each opening of a page; where the database cannot tell, the hub alone frames the panel, and nothing is framed. */
export interface FrameOrigins {
  /** In whose pages the panel may stand. */
  origins(): Promise<readonly string[]>
  /** Whose pages may stand in the hub's. */
  framed(): Promise<readonly string[]>
  /** What this process changed counts in it at once. */
  forget(): void
}

export function createFrameOrigins({ pool, clock }: { pool: Pool; clock: Clock }): FrameOrigins {
  const origins = remembered(clock, async () => originsOf(await readFrameSettings(pool)))
  const framed = remembered(clock, () => framedDomains(pool))
  return {
    origins: origins.ask,
    framed: framed.ask,
    forget() {
      origins.forget()
      framed.forget()
    },
  }
}

function remembered(clock: Clock, read: () => Promise<readonly string[]>) {
  let known: { at: number; list: readonly string[] } | null = null
  return {
    async ask(): Promise<readonly string[]> {
      if (known && clock.monotonic() - known.at < trustedMs) return known.list
      try {
        const list = await read()
        known = { at: clock.monotonic(), list }
        return list
      } catch {
        return []
      }
    },
    forget() {
      known = null
    },
  }
}
