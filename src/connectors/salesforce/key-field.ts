import type { CrmSession } from '#connectors/call.ts'
import type { SourceTable } from '#model/field.ts'
import { refusal, sendOnce, vendorError } from './client.ts'
import { keyFieldName } from './metadata.ts'
import { activities } from './object-tables.ts'

/**
 * Makes the field that creates write their key into, by the Tooling API: an external id that the CRM keeps unique, so that
 * a create with it never makes a second record. Who has it already keeps it.
 */
export async function makeKeyField(session: CrmSession, table: SourceTable): Promise<void> {
  if (table.keyField) return
  // Custom fields of tasks and events are fields of the Activity, where none can be an external id.
  const activity = activities.has(table.setName)
  const reply = await sendOnce(session, 'tooling/sobjects/CustomField', {
    method: 'POST',
    body: {
      FullName: `${activity ? 'Activity' : table.setName}.${keyFieldName}`,
      Metadata: {
        label: 'Jackfield Id',
        description: 'Key of the write that made this record, so that it is made once. Written by Jackfield.',
        type: 'Text',
        length: 200,
        required: false,
        ...(activity ? {} : { externalId: true, unique: true, caseSensitive: true }),
      },
    },
  })
  if (reply.status >= 200 && reply.status < 300) return
  if (vendorError(reply).code === 'DUPLICATE_DEVELOPER_NAME') return
  throw refusal(reply, `to make the field ${keyFieldName} of ${table.setName}`)
}
