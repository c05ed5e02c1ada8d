import { type Control, type HubApi, setUpMs } from '../clients.ts'
import { activityColumns, lastColumn, type MappedColumn } from '../comparer/activity-columns.ts'

const linkable = ['contact', 'account']

/** The organisation gets columns of its own, before it is connected. */
export async function addColumns(control: Control): Promise<void> {
  const add = (entity: string, { name, type, length }: MappedColumn) =>
    control.post('/schema', { entity, addColumn: { name, type, ...(length ? { maxLength: length } : {}) } })
  for (const column of activityColumns) await add('phonecall', column)
  for (const entity of linkable) await add(entity, lastColumn)
}

/**
 * Each interaction becomes a phone call, and the record that is linked is told of it. What was typed stays out of voice
 * where the contact left first, and is kept of digital conversations.
 */
export async function configureDesktop(api: HubApi, connection: string): Promise<void> {
  const make = (path: string, body: unknown) => api.ask<{ id: string }>('POST', path, body, setUpMs)
  await make(`/connections/${connection}/tables`, { table: 'phonecall' })
  const { id } = await make('/crm-configurations', { name: 'Desk', connectionId: connection })
  const memorializationIds: string[] = []
  for (const channel of ['voice', 'digital'] as const) {
    const part = await make(`/crm-configurations/${id}/parts`, {
      ...{ kind: 'memorialization', name: channel },
      definition: mappingOf(channel),
    })
    memorializationIds.push(part.id)
  }
  await make(`/crm-configurations/${id}/agent-workflows`, {
    name: 'All',
    definition: {
      memorializationIds,
      timeline: { entity: 'phone_call', subject: 'Call {contactId} about {script.callerintent}' },
      // What nobody closes is closed by the hub, before a person would grow tired of waiting for it.
      wrapUpMinutes: 1,
    },
  })
}

function mappingOf(channel: 'voice' | 'digital') {
  const rowOf = ({ name, from, script }: MappedColumn) => ({
    ...{ field: name, data: from },
    from: script ? 'script' : channel,
  })
  return {
    ...{ channel, keepTyped: channel === 'digital' },
    entities: [
      {
        ...{ entity: 'phone_call', target: 'activity' },
        rows: activityColumns.filter(({ voiceOnly }) => !voiceOnly || channel === 'voice').map(rowOf),
      },
      ...linkable.map((entity) => ({ entity, target: 'linked', rows: [rowOf(lastColumn)] })),
    ],
  }
}
