import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { DesktopSettings } from '../server/contract/desktop-settings.ts'
import type { Api } from './api.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { usage } from './failure.ts'
import type { AccessOptions } from './hub-access.ts'
import type { Output } from './output.ts'

type Options = JsonOption & AccessOptions & { out: string; allow?: boolean }

export function teamsAppCommand(group: Command, shell: Shell): void {
  talksToHub(
    group
      .command('teams-app')
      .description('an app package for Microsoft Teams, to be uploaded in the Teams admin centre')
      .requiredOption('--out <file>', 'a new file, such as jackfield-teams.zip')
      .option('--allow', 'let Teams show the panel, which it may not by itself'),
  ).action((options: Options) => runWithHub(shell, options, ({ api }, output) => teamsApp(api, output, options)))
}

async function teamsApp(api: Api, output: Output, { out, allow }: Options): Promise<undefined> {
  let zip = ''
  await api.text('/desktop/teams-app', { encoding: 'base64' }, async (text) => {
    zip += text
  })
  const bytes = Buffer.from(zip, 'base64')
  try {
    // Never over a file that is there.
    writeFileSync(out, bytes, { flag: 'wx' })
  } catch (error) {
    throw usage(`${out} cannot be written: ${(error as Error).message}`)
  }
  const standing = await api.get<DesktopSettings>('/desktop/settings')
  const settings =
    allow && !standing.teams
      ? await api.put<DesktopSettings>('/desktop/settings', { ...standing, teams: true })
      : standing
  output.result({ out, bytes: bytes.length, teams: settings.teams })
  output.line(`${out}: upload it in the Teams admin centre, Manage apps, Upload new app.`)
  if (!settings.teams) output.line('Teams may not show the panel yet: --allow lets it.')
  return undefined
}
