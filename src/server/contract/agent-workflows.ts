import { z } from 'zod'
import { Template } from './configurations.ts'
import { EntityName, GivenName, Id, Time } from './shapes.ts'

/** The activity that each interaction becomes, completed when that is over; null: none. */
const Timeline = z
  .strictObject({ entity: EntityName, subject: Template.default(''), complete: z.boolean().default(true) })
  .nullable()

/** The AGENT WORKFLOW CONFIGURATION: what runs for which skills and channels. */
const AgentWorkflowDefinition = z.strictObject({
  /** Null: by the caller's number or address, over everything. */
  searchId: Id.nullable().default(null),
  dynamicDataIds: z.array(Id).max(20).default([]),
  timeline: Timeline,
  memorializationIds: z.array(Id).max(20).default([]),
  createIds: z.array(Id).max(20).default([]),
  updateIds: z.array(Id).max(20).default([]),
  dispositions: z.array(z.string().trim().min(1).max(200)).max(200).default([]),
  tags: z.array(z.string().trim().min(1).max(200)).max(200).default([]),
  screenPop: z
    .strictObject({ when: z.enum(['never', 'offered', 'accepted']), how: z.enum(['card', 'tab', 'frame']) })
    .default({ when: 'never', how: 'tab' }),
  /** A wrap-up that nobody closes is closed after so many minutes; 0: an interaction has none. */
  wrapUpMinutes: z.number().int().min(0).max(1_440).default(30),
})
export type AgentWorkflowDefinition = z.infer<typeof AgentWorkflowDefinition>

export const AgentWorkflowInput = z.strictObject({
  name: GivenName,
  /** Names of skills; empty: all. */
  skills: z.array(z.string().trim().min(1).max(200)).max(500).default([]),
  /** `voice`, `digital`, or types of channels; empty: all. */
  channels: z.array(z.string().trim().min(1).max(100)).max(50).default([]),
  /** Without a timeline: the CRM's own activity for calls. */
  definition: AgentWorkflowDefinition.extend({ timeline: Timeline.optional() }),
})
export type AgentWorkflowInput = z.infer<typeof AgentWorkflowInput>
export const AgentWorkflowChange = z.strictObject({ version: z.number().int(), workflow: AgentWorkflowInput })
export const AgentWorkflow = z.object({
  id: Id,
  configurationId: Id,
  name: z.string(),
  position: z.number().int(),
  skills: z.array(z.string()),
  channels: z.array(z.string()),
  definition: AgentWorkflowDefinition,
  version: z.number().int(),
  createdBy: z.string(),
  createdAt: Time,
  changedAt: Time,
})
export type AgentWorkflow = z.infer<typeof AgentWorkflow>
/** In the order in which they are tried: the first that fits an interaction counts. */
export const AgentWorkflowList = z.object({ workflows: z.array(AgentWorkflow) })
export type AgentWorkflowList = z.infer<typeof AgentWorkflowList>
/** PUT …/agent-workflows/order */
export const AgentWorkflowOrder = z.strictObject({ ids: z.array(Id).max(500) })
