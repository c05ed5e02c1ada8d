import { readFileSync } from 'node:fs'
import { HubError } from '#core/errors.ts'
import { zipOf } from '#core/zip.ts'
import { teamsAppId } from '#desktop/frame-settings.ts'
import type { Hub } from './hub.ts'

/** https://developer.microsoft.com/json-schemas/teams/v1.23/MicrosoftTeams.schema.json */
const manifestVersion = '1.23'
const accentColor = '#3450CF'

/** Drawn after the product's mark; Teams asks for 192 × 192 on a ground, and 32 × 32 white on none. */
const iconOf = (name: 'color' | 'outline') => readFileSync(new URL(`./teams-icons/${name}.png`, import.meta.url))

/** An app package for Microsoft Teams whose one tab is the panel of this hub. */
export async function teamsApp({ publicUrl, pool, version }: Hub): Promise<Buffer> {
  if (!publicUrl?.startsWith('https:')) {
    throw new HubError('configuration.invalid', 'Teams shows pages by https alone, at an address that it can reach', {
      mend: 'Give the hub’s https address in JACKFIELD_PUBLIC_URL.',
    })
  }
  const manifest = manifestOf({ id: await teamsAppId(pool), version, hub: new URL(publicUrl) })
  return zipOf([
    ['manifest.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['color.png', iconOf('color')],
    ['outline.png', iconOf('outline')],
  ])
}

function manifestOf({ id, version, hub }: { id: string; version: string; hub: URL }) {
  const at = (path: string) => hub.href.replace(/\/$/, '') + path
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${manifestVersion}/MicrosoftTeams.schema.json`,
    manifestVersion,
    version,
    id,
    developer: { name: 'Jackfield', websiteUrl: at('/'), privacyUrl: at('/'), termsOfUseUrl: at('/') },
    name: { short: 'Jackfield', full: 'Jackfield: the agent’s desktop' },
    description: {
      short: 'Who is calling, and what matters about them',
      full: 'Shows the calls and conversations of an agent with what the CRM knows of whoever calls, and writes back what came of them.',
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor,
    staticTabs: [
      {
        entityId: 'desktop',
        name: 'Desktop',
        contentUrl: at('/desktop/panel'),
        websiteUrl: at('/desktop'),
        scopes: ['personal'],
      },
    ],
    validDomains: [hub.hostname],
  }
}
