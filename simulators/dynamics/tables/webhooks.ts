import { choice, column, flag, lookup, systemColumns, type TableDefinition, table, text } from '../schema.ts'

const own = /^(owner|owning|import|overridden|timezone|utcconversion)/
const quiet = { owned: false, changeTracking: false }
const stateful = (pk: string, states: string, statuses: string) =>
  systemColumns(pk, states, statuses).filter((c) => !own.test(c.name))
const stateless = (pk: string) => stateful(pk, '0 Active', '0:1 Active').filter((c) => !/^stat(e|us)code$/.test(c.name))

export function serviceendpoint(): TableDefinition {
  return table(
    'serviceendpoint',
    'Service Endpoint|Point de terminaison|Service-eindpunt/Service Endpoints',
    [
      ...stateless('serviceendpointid'),
      text('name', 160, 'Name|Nom|Naam', { required: 'SystemRequired' }),
      text('description', 2000, 'Description'),
      text('url', 1024, 'URL'),
      // Write-only: it is never answered.
      text('authvalue', 2048, 'Auth Value', { type: 'String' }),
      flag('isauthvalueset', 'Is Auth Value Set'),
      choice(
        'contract',
        'Contract',
        '1 OneWay;2 Queue;3 Rest;4 TwoWay;5 Topic;6 Queue (Persistent);7 Event Hub;8 Webhook;9 Event Grid',
      ),
      choice(
        'authtype',
        'Auth Type',
        '1 ACS;2 SASKey;3 SASToken;4 WebhookKey;5 HttpHeader;6 HttpQueryString;7 ConnectionString;8 AccessKey',
      ),
      choice('messageformat', 'Message Format', '1 Binary XML;2 Json;3 Text XML'),
      choice('connectionmode', 'Connection Mode', '1 Normal;2 Federated'),
      choice('userclaim', 'User Claim', '1 None;2 User Id;3 UserInfo'),
      choice('namespaceformat', 'Namespace Format', '1 Namespace Name;2 Namespace Address'),
    ],
    { ...quiet, code: 4618 },
  )
}

export function sdkmessage(): TableDefinition {
  const columns = [
    ...stateless('sdkmessageid'),
    text('name', 256, 'Message Name', { required: 'SystemRequired' }),
    text('categoryname', 25, 'Category'),
    flag('isprivate', 'Is Private'),
  ]
  return table('sdkmessage', 'Sdk Message/Sdk Messages', columns, { ...quiet, code: 4606 })
}

export function sdkmessagefilter(): TableDefinition {
  const columns = [
    ...stateless('sdkmessagefilterid'),
    text('name', 256, 'Name'),
    text('primaryobjecttypecode', 64, 'Primary Object Type'),
    text('secondaryobjecttypecode', 64, 'Secondary Object Type'),
    flag('iscustomprocessingstepallowed', 'Custom Processing Step Allowed'),
    lookup('sdkmessageid', 'sdkmessage', 'Sdk Message'),
  ]
  return table('sdkmessagefilter', 'Sdk Message Filter/Sdk Message Filters', columns, { ...quiet, code: 4607 })
}

export function sdkmessageprocessingstep(): TableDefinition {
  return table(
    'sdkmessageprocessingstep',
    'Sdk Message Processing Step/Sdk Message Processing Steps',
    [
      ...stateful('sdkmessageprocessingstepid', '0 Enabled;1 Disabled', '0:1 Enabled;1:2 Disabled'),
      text('name', 256, 'Name'),
      text('description', 256, 'Description'),
      text('filteringattributes', 100_000, 'Filtering Attributes'),
      text('configuration', 1_073_741_823, 'Configuration'),
      choice('mode', 'Execution Mode', '0 Synchronous;1 Asynchronous'),
      choice(
        'stage',
        'Execution Stage',
        '5 Initial Pre-operation;10 Pre-validation;15 Internal Pre-operation Before External Plugins;20 Pre-operation;25 Internal Pre-operation After External Plugins;30 Main Operation;35 Internal Post-operation Before External Plugins;40 Post-operation;45 Internal Post-operation After External Plugins;50 Post-operation (Deprecated);55 Final Post-operation;80 Pre-Commit;90 Post-Commit',
      ),
      choice(
        'supporteddeployment',
        'Deployment',
        '0 Server Only;1 Microsoft Dynamics 365 Client for Outlook Only;2 Both',
      ),
      choice('invocationsource', 'Invocation Source', '-1 Internal;0 Parent;1 Child'),
      column('rank', 'Integer', 'Execution Order'),
      flag('asyncautodelete', 'Asynchronous Automatic Delete'),
      flag('canusereadonlyconnection', 'Can Use Read Only Connection'),
      lookup('sdkmessageid', 'sdkmessage', 'SDK Message', { required: 'SystemRequired' }),
      lookup('sdkmessagefilterid', 'sdkmessagefilter', 'SDK Message Filter'),
      lookup('eventhandler', 'serviceendpoint plugintype', 'Event Handler', { required: 'SystemRequired' }),
      lookup('plugintypeid', 'plugintype', 'Plug-In Type'),
      lookup('impersonatinguserid', 'systemuser', 'Impersonating User'),
    ],
    { ...quiet, code: 4608 },
  )
}
