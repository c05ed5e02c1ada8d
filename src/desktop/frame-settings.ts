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

/** How long a page is framed by what was read before, in any process. */
const trustedMs = 5_000

/** Asked at each opening of the panel; where the database cannot tell, the hub alone frames it. */
export interface FrameOrigins {
  origins(): Promise<readonly string[]>
  /** What this process changed counts in it at once. */
  forget(): void
}

export function createFrameOrigins({ pool, clock }: { pool: Pool; clock: Clock }): FrameOrigins {
  let known: { at: number; origins: readonly string[] } | null = null
  return {
    async origins() {
      if (known && clock.monotonic() - known.at < trustedMs) return known.origins
      try {
        const origins = originsOf(await readFrameSettings(pool))
        known = { at: clock.monotonic(), origins }
        return origins
      } catch {
        return []
      }
    },
    forget: () => {
      known = null
    },
  }
}
