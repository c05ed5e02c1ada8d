import { z } from 'zod'
import {
  changeAgentWorkflow,
  createAgentWorkflow,
  deleteAgentWorkflow,
  type AgentWorkflowInput as Given,
  listAgentWorkflows,
  orderAgentWorkflows,
} from '#desktop/agent-workflow.ts'
import { checkAgentWorkflow, usualTimeline } from '#desktop/check-agent-workflow.ts'
import { refuseErrors } from '#desktop/check-part.ts'
import { type Configuration, findConfiguration } from '#desktop/configuration.ts'
import { listTables } from '#records/table.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, IdPath } from '../api.ts'
import {
  AgentWorkflow,
  AgentWorkflowChange,
  AgentWorkflowInput,
  AgentWorkflowList,
  AgentWorkflowOrder,
} from '../contract/agent-workflows.ts'
import { Id } from '../contract/shapes.ts'
import type { Hub } from '../hub.ts'
import { shownWorkflow } from '../shown-configuration.ts'

const WorkflowPath = z.object({ id: Id, workflow: Id })

export function agentWorkflowRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub
  oneWorkflow(app, hub)

  app.get(
    '/crm-configurations/:id/agent-workflows',
    {
      ...allow(['read:status', 'edit:integrations']),
      schema: { params: IdPath, response: { 200: AgentWorkflowList, ...failures } },
    },
    async (request) => {
      const { id } = await findConfiguration(pool, request.params.id)
      return { workflows: (await listAgentWorkflows(pool, id)).map(shownWorkflow) }
    },
  )

  app.post(
    '/crm-configurations/:id/agent-workflows',
    {
      ...allow('edit:integrations', 'agent_workflow.create'),
      schema: { params: IdPath, body: AgentWorkflowInput, response: { 201: AgentWorkflow, ...failures } },
    },
    async (request, reply) => {
      const configuration = await findConfiguration(pool, request.params.id)
      const given = await checked(hub, configuration, request.body)
      const made = await createAgentWorkflow(pool, configuration.id, given, request.principal!.name)
      noteAct(request, { details: { workflow: made.id } })
      log.info('agent workflow made', { workflow: made.id, by: request.principal!.name })
      return reply.code(201).send(shownWorkflow(made))
    },
  )

  app.put(
    '/crm-configurations/:id/agent-workflows/order',
    {
      ...allow('edit:integrations', 'agent_workflow.order'),
      schema: { params: IdPath, body: AgentWorkflowOrder, response: { 200: AgentWorkflowList, ...failures } },
    },
    async (request) => {
      const workflows = await orderAgentWorkflows(pool, request.params.id, request.body.ids)
      return { workflows: workflows.map(shownWorkflow) }
    },
  )
}

function oneWorkflow(app: Api, hub: Hub): void {
  const { pool, log } = hub

  app.put(
    '/crm-configurations/:id/agent-workflows/:workflow',
    {
      ...allow('edit:integrations', 'agent_workflow.change'),
      schema: { params: WorkflowPath, body: AgentWorkflowChange, response: { 200: AgentWorkflow, ...failures } },
    },
    async (request) => {
      const configuration = await findConfiguration(pool, request.params.id)
      const { version, workflow } = request.body
      const given = await checked(hub, configuration, workflow)
      const at = { configurationId: configuration.id, id: request.params.workflow, version }
      const changed = await changeAgentWorkflow(pool, at, given)
      log.info('agent workflow changed', { workflow: changed.id, by: request.principal!.name })
      return shownWorkflow(changed)
    },
  )

  app.delete(
    '/crm-configurations/:id/agent-workflows/:workflow',
    {
      ...allow('edit:integrations', 'agent_workflow.remove'),
      schema: { params: WorkflowPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const { id, workflow } = request.params
      await deleteAgentWorkflow(pool, id, workflow)
      log.info('agent workflow deleted', { workflow, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )
}

/** With what was left out, and as the CRM lets it be. */
async function checked(
  { pool }: Hub,
  { connectionId }: Configuration,
  given: z.output<typeof AgentWorkflowInput>,
): Promise<Given> {
  const tables = await listTables(pool, connectionId)
  const { timeline = usualTimeline(tables), ...rest } = given.definition
  const definition = { ...rest, timeline }
  refuseErrors(checkAgentWorkflow(definition, tables))
  return { ...given, definition }
}
