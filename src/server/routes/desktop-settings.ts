import { z } from 'zod'
import { changeFrameSettings, type FrameOrigins, originsOf, readFrameSettings } from '#desktop/frame-settings.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures } from '../api.ts'
import { DesktopSettings, DesktopSettingsInput, Embedding, TeamsAppQuery } from '../contract/desktop-settings.ts'
import type { Hub } from '../hub.ts'
import { teamsApp } from '../teams-app.ts'

export function desktopSettingsRoutes(app: Api, hub: Hub, frames: FrameOrigins): void {
  app.get(
    '/desktop/settings',
    { ...allow('edit:integrations'), schema: { response: { 200: DesktopSettings, ...failures } } },
    async () => shown(await readFrameSettings(hub.pool)),
  )

  app.put(
    '/desktop/settings',
    {
      ...allow('edit:integrations', 'desktop.change_settings'),
      schema: { body: DesktopSettingsInput, response: { 200: DesktopSettings, ...failures } },
    },
    async (request) => {
      const changed = await changeFrameSettings(hub.pool, request.body)
      frames.forget()
      noteAct(request, { details: { frameOrigins: changed.frameOrigins, teams: changed.teams } })
      return shown(changed)
    },
  )

  app.get(
    '/desktop/embedding',
    { ...allow('use:desktop'), schema: { response: { 200: Embedding, ...failures } } },
    async () => ({ origins: originsOf(await readFrameSettings(hub.pool)) }),
  )

  app.get(
    '/desktop/teams-app',
    {
      ...allow('edit:integrations'),
      schema: {
        querystring: TeamsAppQuery,
        response: { 200: z.any().describe('A zip: upload it in the Teams admin centre'), ...failures },
      },
    },
    async (request, reply) => {
      const zip = await teamsApp(hub)
      if (request.query.encoding === 'base64') return reply.type('text/plain').send(zip.toString('base64') as never)
      return reply
        .type('application/zip')
        .header('content-disposition', 'attachment; filename="jackfield-teams.zip"')
        .send(zip as never)
    },
  )
}

const shown = ({ frameOrigins, teams, version }: Awaited<ReturnType<typeof readFrameSettings>>) => ({
  frameOrigins: [...frameOrigins],
  ...{ teams, version },
})
