import type { Connector, Manifest } from '#connectors/connector.ts'
import type { OwnSettings } from '#connectors/own-settings.ts'
import { HubError } from '#core/errors.ts'
import { authenticationSettings, authorise, requestToken } from './auth.ts'
import { consent } from './consent.ts'
import { definitionOf, readDefinition, type TableRequest } from './definition.ts'
import { checkTables, describeTable, estimate, identify, listTables } from './describe.ts'
import { isGenuine, mayBeGenuine, readEvents } from './events.ts'
import { suggestTable } from './fields.ts'
import { firstMarkLink, readMarks } from './marks.ts'
import { firstLink, readPage } from './pages.ts'
import { fill } from './paths.ts'
import { presets } from './presets.ts'
import { idsPerRead, readByIds } from './read-by-ids.ts'
import { readId, readRow } from './read-row.ts'
import { subscribe, unsubscribe } from './subscribe.ts'
import { tryTable } from './try.ts'
import { write, writeLack } from './write.ts'

const manifest: Manifest = {
  crm: 'generic-http',
  title: 'HTTP API',
  authentication: {
    kind: 'http',
    fields: [
      { name: 'user', secret: false, required: false },
      { name: 'clientId', secret: false, required: false },
      { name: 'secret', secret: true, required: true },
    ],
  },
  abilities: {
    changeTracking: { lacks: 'An API that can be defined without code lists no deletes: whole lists are compared' },
    window: true,
    push: true,
    write: { lacks: writeLack },
    restore: true,
    filter: { lacks: 'How an API filters is part of its definition; a filter set here is applied by the hub' },
  },
  // A modest pace that most APIs allow, where the definition tells no other; a Retry-After slows it down further.
  quota: { calls: 3000, seconds: 300 },
  writeKey: 'external id',
  lateArrivalSeconds: 300,
  idsPerRead,
}

export const genericHttp: Connector = {
  manifest,
  normaliseUrl,
  readSettings,
  presets,
  tryTable,
  authorise,
  quotaOf: (settings) => definitionOf({ settings }).quota,
  discover: () => Promise.resolve({}),
  requestToken,
  consent,
  identify,
  checkTables,
  listTables,
  describeTable,
  defaultTables: [],
  suggestTable,
  firstLink,
  readPage,
  readRow,
  readId,
  readByIds,
  firstMarkLink,
  readMarks,
  estimate,
  write,
  subscribe,
  unsubscribe,
  mayBeGenuine,
  isGenuine,
  readEvents,
  recordUrl: (url, table, sourceId) => {
    const { webUrl } = table.request as TableRequest
    return webUrl === undefined ? url : fill(webUrl, { id: sourceId })
  },
}

function normaliseUrl(text: string): string {
  const given = text.trim()
  const url = URL.canParse(given) ? new URL(given) : null
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url.origin
  throw new HubError('input.invalid', `“${given.slice(0, 200)}” is no web address`, {
    field: 'url',
    mend: 'Give the API’s base address, such as https://api.example.com/v2.',
  })
}

/** The address that is typed counts: so a preset serves many organisations. */
function readSettings(url: string, given: Readonly<Record<string, unknown>>): OwnSettings {
  if (typeof given.definition !== 'object' || given.definition === null) {
    throw new HubError('input.invalid', 'A connection over HTTP needs a definition of its API', {
      field: 'definition',
      mend: 'Give a definition, or take a preset; docs/connect/http.md describes both.',
    })
  }
  const definition = readDefinition({ ...given.definition, baseUrl: url.trim().replace(/\/+$/, '') })
  return {
    settings: { definition },
    authentication: authenticationSettings(definition),
    tables: definition.tables.map(({ entity }) => ({ entity, table: entity })),
  }
}
