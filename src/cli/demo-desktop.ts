import type { AgentWorkflow } from '../server/contract/agent-workflows.ts'
import type { Configuration, Part } from '../server/contract/configurations.ts'
import type { Connection } from '../server/contract/connections.ts'
import type { Table } from '../server/contract/tables.ts'
import type { Api } from './api.ts'

const name = 'Front desk'

/** What agents see and what is written of their calls, as an administrator would set it up; at the first start alone. */
export async function configureDesktop(api: Api, { id: connectionId, crm }: Connection): Promise<void> {
  if (crm !== 'dynamics') return
  const { configurations } = await api.get<{ configurations: Configuration[] }>('/crm-configurations')
  if (configurations.length > 0) return
  await openWorkTables(api, connectionId)
  const description = 'Made by the demo: change it, or make another'
  const { id } = await api.post<Configuration>('/crm-configurations', { name, description, connectionId })
  const add = async (part: object) => (await api.post<Part>(`/crm-configurations/${id}/parts`, part)).id
  const [dynamicData, voice, digital, newCase] = [
    await add(shownFields),
    await add(mapping('voice')),
    await add(mapping('digital')),
    await add(caseWorkflow),
  ]
  const definition = {
    dynamicDataIds: [dynamicData],
    timeline: { entity: 'phone_call', subject: '' },
    memorializationIds: [voice, digital],
    createIds: [newCase],
    dispositions: ['Solved', 'Call back', 'Passed on', 'No answer needed'],
    tags: ['invoice', 'delivery', 'complaint', 'question'],
    wrapUpMinutes: 10,
  }
  await api.post<AgentWorkflow>(`/crm-configurations/${id}/agent-workflows`, { name: 'Everything', definition })
}

/** Cases are copied, so that cards show open ones; calls are only written. */
async function openWorkTables(api: Api, connectionId: string): Promise<void> {
  const { tables } = await api.get<{ tables: Table[] }>(`/connections/${connectionId}/tables`)
  for (const table of ['incident', 'phonecall']) {
    if (!tables.some(({ sourceName }) => sourceName === table)) {
      await api.post(`/connections/${connectionId}/tables`, { table })
    }
  }
  await api.patch(`/connections/${connectionId}/tables/incident`, { enabled: true })
}

const shownFields = {
  ...{ kind: 'dynamic_data', name: 'On the card' },
  definition: {
    entities: [
      { entity: 'contact', fields: [{ field: 'jobtitle' }, { field: 'emailaddress1' }, { field: 'address1_city' }] },
      { entity: 'account', fields: [{ field: 'accountnumber' }, { field: 'address1_city' }, { field: 'revenue' }] },
    ],
  },
}

const mapping = (channel: 'voice' | 'digital') => ({
  ...{ kind: 'memorialization', name: channel === 'voice' ? 'Calls' : 'Messages' },
  definition: {
    channel,
    entities: [
      {
        ...{ entity: 'phone_call', target: 'activity' },
        rows: [{ field: 'description', from: channel, data: 'dispositionNotes' }],
      },
    ],
  },
})

const caseWorkflow = {
  ...{ kind: 'create', name: 'New case' },
  definition: {
    ...{ standard: true, entity: 'incident' },
    fields: [
      { field: 'title', value: 'Asked by {channelType}' },
      { field: '_customerid_value', value: '{linked}' },
    ],
  },
}
