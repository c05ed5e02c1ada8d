import type { CrmReply, CrmSession, Lane } from '#connectors/call.ts'
import type { Write } from '#connectors/connector.ts'
import type { DestinationAbility, NewColumn, RowOutcome, RowWrite } from '#connectors/destination.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { SourceTable } from '#model/field.ts'
import { type Part, readBatch, writeBatch } from './batch.ts'
import { apiPath, ask, protocolHeaders } from './client.ts'
import { rights } from './rights.ts'
import { outcomeOf, requestOf } from './write.ts'

/**
 * Dataverse takes 1,000 requests in a batch. With a tenth of that a batch ends well within the two minutes after which
 * the service gives up, and its execution time is spread over the window of the service protection.
 */
const rowsPerBatch = 100

export const destination: DestinationAbility = {
  rowsPerBatch,
  // The first status of each state of account and contact.
  activity: { active: { statecode: 0, statuscode: 1 }, inactive: { statecode: 1, statuscode: 2 } },
  writeRows,
  makeColumn,
  makeOption,
  rights,
}

interface Asked {
  change: Write
  part: Part
}

async function writeRows(
  session: CrmSession,
  table: SourceTable,
  writes: readonly RowWrite[],
  options: { lane: Lane; signal?: AbortSignal },
): Promise<RowOutcome[]> {
  const prepared = writes.map((write) => prepare(table, write))
  const asked = prepared.filter((one) => 'part' in one)
  const replies = asked.length === 0 ? [] : await send(session, asked, options)
  return prepared.map((one) => ('part' in one ? rowOutcome(replies.shift()!, table, one.change) : one))
}

/** A row that cannot even be asked for is refused alone. */
function prepare(table: SourceTable, { rowId, operation, expected, fields }: RowWrite): Asked | RowOutcome {
  const change: Write = { operation, sourceId: rowId, fields, ...(expected ? { expectedMark: expected } : {}) }
  try {
    return { change, part: requestOf(table, change) }
  } catch (error) {
    if (error instanceof HubError) return { outcome: 'refused', error }
    throw error
  }
}

async function send(
  session: CrmSession,
  asked: readonly Asked[],
  options: { lane: Lane; signal?: AbortSignal },
): Promise<CrmReply[]> {
  const items = asked.map(({ part }) => [part])
  const { contentType, body } = writeBatch(items, session.url)
  const reply = await ask(session, `${apiPath}/$batch`, {
    what: `a batch of ${asked.length} rows`,
    method: 'POST',
    // Without it the first row that is refused ends the batch.
    headers: { ...protocolHeaders, 'content-type': contentType, prefer: 'odata.continue-on-error' },
    body,
    retry: 'never',
    ...options,
  })
  return readBatch(reply, items)
}

// Within a batch too: the service protects itself, or gave up on this one.
const passing = new Set(['crm.throttled', 'crm.unreachable', 'crm.body_invalid', 'authentication.rejected'])
const targetMissing = '0x80040217'

function rowOutcome(reply: CrmReply, table: SourceTable, change: Write): RowOutcome {
  try {
    return outcomeOf(reply, table, change)
  } catch (error) {
    if (!isHubError(error)) throw error
    // What a lookup points at is not there (any more): known anew at the next try.
    const again = passing.has(error.code) || error.detail.vendorCode === targetMissing
    return { outcome: again ? 'again' : 'refused', error }
  }
}

/** "Create and update column definitions using the Web API". */
async function makeColumn(session: CrmSession, table: string, { name, label, maxLength }: NewColumn): Promise<void> {
  await ask(session, `${apiPath}/EntityDefinitions(LogicalName='${table}')/Attributes`, {
    what: `to add the column ${name} to ${table}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      AttributeType: 'String',
      AttributeTypeName: { Value: 'StringType' },
      SchemaName: name,
      DisplayName: labelled(label),
      Description: labelled(`${label}: written by Jackfield`),
      RequiredLevel: {
        Value: 'None',
        CanBeChanged: true,
        ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings',
      },
      FormatName: { Value: 'Text' },
      MaxLength: maxLength,
    }),
    lane: 'person',
    retry: 'never',
  })
}

const labelled = (text: string) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.Label',
  LocalizedLabels: [{ '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel', Label: text, LanguageCode: 1033 }],
})

/** A local choice names its table and column; the value is the service's to choose ("Create and update choices"). */
async function makeOption(session: CrmSession, at: { table: string; column: string }, label: string): Promise<void> {
  const post = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    lane: 'person',
    retry: 'never',
  } as const
  const body = { EntityLogicalName: at.table, AttributeLogicalName: at.column, Label: labelled(label) }
  await ask(session, `${apiPath}/InsertOptionValue`, {
    what: `to add the choice “${label}” to ${at.column} of ${at.table}`,
    ...post,
    body: JSON.stringify(body),
  })
  // Choices are shown to people once they are published.
  const xml = `<importexportxml><entities><entity>${at.table}</entity></entities></importexportxml>`
  await ask(session, `${apiPath}/PublishXml`, {
    what: 'to publish it',
    ...post,
    body: JSON.stringify({ ParameterXml: xml }),
  })
}
