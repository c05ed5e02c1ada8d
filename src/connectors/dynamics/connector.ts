import type { Connector, Manifest } from '#connectors/connector.ts'
import { windowFlow } from '#connectors/window.ts'
import { requestToken } from './auth.ts'
import { checkTables } from './checks.ts'
import { consent } from './consent.ts'
import { discover } from './discover.ts'
import { estimate } from './estimate.ts'
import { mayBeGenuine, readEvents } from './events.ts'
import { defaultTables } from './fields.ts'
import { identify } from './identify.ts'
import { firstMarkLink, readMarks } from './marks.ts'
import { describeTable, listTables } from './metadata.ts'
import { normaliseUrl } from './organisation-url.ts'
import { firstLink, readPage } from './pages.ts'
import { idsPerRead, readByIds } from './read-by-ids.ts'
import { readId, readRow } from './read-row.ts'
import { subscribe, unsubscribe } from './subscribe.ts'
import { suggestTable } from './suggest.ts'
import { completed, write } from './write-activity.ts'
import { writeTogether } from './write-together.ts'

const manifest: Manifest = {
  crm: 'dynamics',
  title: 'Dynamics 365',
  authentication: {
    kind: 'entra_client_credentials',
    flows: ['client_credentials', windowFlow],
    fields: [
      { name: 'tenant', secret: false, required: false },
      { name: 'clientId', secret: false, required: true },
      { name: 'clientSecret', secret: true, required: true },
      { name: 'authority', secret: false, required: false },
      { name: 'scope', secret: false, required: false },
    ],
  },
  abilities: { changeTracking: true, window: true, push: true, write: true, restore: true, filter: true },
  // Per user and web server ("Service protection API limits").
  quota: { calls: 6000, seconds: 300 },
  writeKey: 'hub id',
  lateArrivalSeconds: 300,
  idsPerRead,
}

export const dynamics: Connector = {
  manifest,
  normaliseUrl,
  discover,
  requestToken,
  consent,
  identify,
  checkTables,
  listTables,
  describeTable,
  defaultTables,
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
  writeTogether,
  completed,
  subscribe,
  unsubscribe,
  mayBeGenuine,
  readEvents,
  recordUrl: (url, table, sourceId) => `${url}/main.aspx?etn=${table.name}&id=${sourceId}&pagetype=entityrecord`,
}
