import { z } from 'zod'

/** GET /api/v1/settings: what whoever runs the hub has set, by environment variables; nothing secret. */
export const HubSettings = z.object({
  publicUrl: z.string().nullable().describe('JACKFIELD_PUBLIC_URL'),
  defaultCountry: z.string().nullable().describe('JACKFIELD_DEFAULT_COUNTRY'),
  sessionIdleHours: z.number().int().describe('JACKFIELD_SESSION_IDLE_HOURS'),
  sessionDays: z.number().int().describe('JACKFIELD_SESSION_DAYS'),
  keepActsDays: z.number().int().describe('JACKFIELD_KEEP_ACTS_DAYS'),
  keepWritesDays: z.number().int().describe('JACKFIELD_KEEP_WRITES_DAYS'),
  keepInteractionsDays: z.number().int().describe('JACKFIELD_KEEP_INTERACTIONS_DAYS; 0: for ever'),
})
export type HubSettings = z.infer<typeof HubSettings>
