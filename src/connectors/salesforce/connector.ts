import type { Connector, Manifest } from '#connectors/connector.ts'
import { windowFlow } from '#connectors/window.ts'
import { flows, requestToken } from './auth.ts'
import { listen } from './change-events.ts'
import { checkTables } from './checks.ts'
import { readQuota, refusesAll } from './client.ts'
import { consent } from './consent.ts'
import { discover } from './discover.ts'
import { estimate } from './estimate.ts'
import { defaultTables } from './fields.ts'
import { identify } from './identify.ts'
import { canonicalId } from './ids.ts'
import { installer } from './installer.ts'
import { makeKeyField } from './key-field.ts'
import { firstMarkLink, readMarks } from './marks.ts'
import { describeTable, listTables } from './metadata.ts'
import { normaliseUrl } from './organisation-url.ts'
import { firstLink, leaveWalk, readPage } from './pages.ts'
import { acknowledge, isGenuine, mayBeGenuine, readEvents } from './pushes.ts'
import { idsPerRead, readByIds, readByKey } from './read-by-ids.ts'
import { readId, readRow } from './read-row.ts'
import { subscribe, unsubscribe } from './subscribe.ts'
import { suggestTable } from './suggest.ts'
import { completed, write } from './write.ts'
import { writeTogether } from './write-together.ts'

const manifest: Manifest = {
  crm: 'salesforce',
  title: 'Salesforce',
  authentication: {
    kind: 'salesforce_app',
    flows: [...flows],
    fields: [
      { name: 'clientId', secret: false, required: true },
      { name: 'clientSecret', secret: true, required: true, flow: 'client_credentials' },
      // An app may be one that asks for no secret beside the code.
      { name: 'clientSecret', secret: true, required: false, flow: windowFlow },
      { name: 'username', secret: false, required: true, flow: 'jwt_bearer' },
      { name: 'privateKey', secret: true, required: true, multiline: true, flow: 'jwt_bearer' },
      { name: 'loginUrl', secret: false, required: false },
      { name: 'audience', secret: false, required: false, flow: 'jwt_bearer' },
    ],
  },
  abilities: {
    changeTracking: {
      lacks: 'Salesforce keeps no list of changes to go on from: rows modified since a time are read.',
    },
    window: true,
    push: true,
    write: true,
    restore: true,
    filter: true,
  },
  // Of a Developer Edition, for a day that rolls; each reply tells the organisation's own.
  quota: { calls: 15_000, seconds: 86_400 },
  writeKey: 'external id',
  lateArrivalSeconds: 300,
  idsPerRead,
  listsDeleted: true,
}

export const salesforce: Connector = {
  manifest,
  normaliseUrl,
  discover,
  requestToken,
  consent,
  refusesAll,
  readQuota,
  identify,
  checkTables,
  listTables,
  describeTable,
  defaultTables,
  suggestTable,
  firstLink,
  readPage,
  leaveWalk,
  readRow,
  readId,
  readByIds,
  readByKey,
  firstMarkLink,
  readMarks,
  estimate,
  write,
  completed,
  writeTogether,
  makeKeyField,
  canonicalId,
  subscribe,
  unsubscribe,
  mayBeGenuine,
  isGenuine,
  readEvents,
  acknowledge,
  installer,
  listen,
  recordUrl: (url, table, sourceId) => `${url}/lightning/r/${table.setName}/${sourceId}/view`,
}
