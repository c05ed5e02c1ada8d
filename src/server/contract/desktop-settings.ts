import { z } from 'zod'
import { isPlainOrigin } from '#core/address.ts'

const loopback = /^(127(\.\d{1,3}){3}|\[::1\]|localhost|[a-z0-9-]+\.localhost)$/

/** https, or http on this machine; no wildcards. */
const FrameOrigin = z
  .string()
  .trim()
  .max(300)
  .transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : null
    const isBare = url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname))
    if (url && isBare && isSafe && isPlainOrigin(url.origin)) return url.origin
    context.addIssue({ code: 'custom', message: 'an origin such as https://phone.example.com, without a path' })
    return z.NEVER
  })

/** GET and PUT /api/v1/desktop/settings */
export const DesktopSettingsInput = z.strictObject({
  /** Sites in whose pages the panel may stand, besides the hub's own. */
  frameOrigins: z.array(FrameOrigin).max(50),
  /** Microsoft Teams may show it, as an app. */
  teams: z.boolean(),
  /** Of the settings that were seen; refused with `settings.changed` when others stand by now. */
  version: z.number().int().min(0),
})

export const DesktopSettings = z.object({
  frameOrigins: z.array(z.string()),
  teams: z.boolean(),
  version: z.number().int(),
})
export type DesktopSettings = z.infer<typeof DesktopSettings>

/** GET /api/v1/desktop/embedding: whose messages the panel heeds. A star stands for any name below. */
export const Embedding = z.object({ origins: z.array(z.string()) })
export type Embedding = z.infer<typeof Embedding>

/** POST /api/v1/desktop/frame-tickets: for the panel that asked for a window to sign in. */
export const FrameTicket = z.object({ ticket: z.string() })
export type FrameTicket = z.infer<typeof FrameTicket>

/** POST /api/v1/session/frame */
export const FrameSignIn = z.strictObject({ ticket: z.string().min(20).max(100) })

/** GET /api/v1/desktop/teams-app: a zip; as text for whoever takes no bytes. */
export const TeamsAppQuery = z.object({ encoding: z.enum(['base64']).optional() })
