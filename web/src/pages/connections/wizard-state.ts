import type { ConnectInput, Connection } from '../../api/connections.ts'
import type { Connector } from '../../api/connectors.ts'
import type { Definition } from '../../api/http-apis.ts'
import { cleaned, emptyDefinition, textAt } from '../http-api/definition-draft.ts'
import type { Replaced } from '../http-api/replaced.ts'

export type WizardStep = 'choose' | 'define' | 'where' | 'app' | 'window' | 'check' | 'done'

/** Of the ways to sign in: a person does, in a window of the CRM. */
export const windowFlow = 'authorization_code'

export interface Draft {
  step: WizardStep
  /** What it ends in. */
  makes: 'connection' | 'authentication'
  crm: string
  url: string
  name: string
  /** Entries by field name; the secret among them, never stored by the browser. */
  fields: Record<string, string>
  /** What the organisation itself told. */
  found: Record<string, string>
  /** Of an API that has no connector of its own. */
  definition: Definition
  /** What a preset took the place of. */
  replaced: Replaced | null
  /** Of numbers that name none: '' or its code. */
  country: string
  /** Of the CRM's API, where it has several; '': the connector's own. */
  apiVersion: string
  /** Of the ways to sign in that the connector knows. */
  flow: string
  /** Id of one that is there, by which the hub is to sign in; '': by what is entered. */
  authentication: string
  /** Made for somebody to sign in by in a window; null: nothing is, or something else was entered since. */
  made: string | null
  /** Where it leads once it is connected: '' to the first records seen, or back to a new CRM configuration. */
  next: '' | 'configuration'
  /** Consent to a field of the hub's own in the organisation's tables. */
  keyFields: boolean
  connection: Connection | null
}

export type WizardAct =
  | { do: 'go'; step: WizardStep }
  | { do: 'choose'; connector: Connector }
  | { do: 'put'; name: 'url' | 'name' | 'country' | 'apiVersion' | 'flow' | 'authentication'; value: string }
  | { do: 'define'; definition: Definition; replaced: Replaced | null }
  | { do: 'made'; authentication: string }
  | { do: 'consent'; keyFields: boolean }
  | { do: 'field'; name: string; value: string }
  | { do: 'found'; url: string; settings: Record<string, string> }
  | { do: 'connected'; connection: Connection }

export type Send = (act: WizardAct) => void

export const emptyDraft: Draft = {
  ...{
    step: 'choose',
    makes: 'connection',
    authentication: '',
    crm: '',
    url: '',
    name: '',
    fields: {},
    found: {},
    connection: null,
  },
  ...{
    definition: emptyDefinition,
    replaced: null,
    country: '',
    apiVersion: '',
    flow: '',
    made: null,
    keyFields: false,
    next: '',
  },
}

/** Where the wizard goes once a CRM is chosen, and where it goes back to when its check fails. */
export function stepsOf(connector: Connector | undefined, draft: Draft): WizardStep[] {
  if (connector?.needsDefinition) return ['choose', 'define', 'check']
  return needsWindow(draft) ? ['choose', 'where', 'app', 'window', 'check'] : ['choose', 'where', 'app', 'check']
}

/** Somebody signs in before the check; an authentication that is there already has that behind it. */
export const needsWindow = ({ makes, flow, authentication, made }: Draft): boolean =>
  makes === 'connection' && flow === windowFlow && (authentication === '' || authentication === made)

export function wizardReducer(draft: Draft, act: WizardAct): Draft {
  switch (act.do) {
    case 'go':
      return { ...draft, step: act.step }
    case 'choose':
      return chosen(draft, act.connector)
    case 'put':
      return put(draft, act.name, act.value)
    case 'made':
      return { ...draft, made: act.authentication, authentication: act.authentication }
    case 'define':
      return { ...draft, definition: act.definition, replaced: act.replaced }
    case 'consent':
      return { ...draft, keyFields: act.keyFields }
    case 'field':
      return { ...draft, made: null, fields: { ...draft.fields, [act.name]: act.value } }
    case 'found':
      return { ...draft, url: act.url, found: act.settings, fields: { ...draft.fields, ...act.settings } }
    case 'connected':
      return { ...draft, connection: act.connection, fields: {}, step: 'done' }
  }
}

/** What was made for other entries is not for these. */
function put(draft: Draft, name: Extract<WizardAct, { do: 'put' }>['name'], value: string): Draft {
  const changed = { ...draft, [name]: value }
  if (name === 'url') return { ...changed, found: {}, authentication: '', made: null }
  return name === 'flow' || name === 'authentication' ? { ...changed, made: null } : changed
}

/** What was typed for another CRM is not this one's. */
function chosen(draft: Draft, connector: Connector): Draft {
  const flow = connector.authentication.flows?.[0] ?? ''
  const kept = draft.crm === connector.crm ? draft : { ...emptyDraft, makes: draft.makes, next: draft.next, flow }
  return { ...kept, crm: connector.crm, step: stepsOf(connector, kept)[1] ?? 'check' }
}

/** The fields of the way to sign in that is chosen. */
export function fieldsOf(connector: Connector, flow: string): Connector['authentication']['fields'] {
  return connector.authentication.fields.filter((field) => field.flow === undefined || field.flow === flow)
}

type Entered = Extract<ConnectInput['authentication'], { secret: string }>

/** What was entered to sign in with. */
export function enteredOf(draft: Draft, connector: Connector): Entered {
  const fields = fieldsOf(connector, draft.flow)
  const secretField = fields.find((field) => field.secret)
  const settings: Record<string, string> = draft.flow ? { flow: draft.flow } : {}
  for (const field of fields) {
    const value = draft.fields[field.name]?.trim()
    if (!field.secret && value) settings[field.name] = value
  }
  const secret = draft.fields[secretField?.name ?? 'secret']?.trim() ?? ''
  // An API that asks for none still takes the place of one.
  return { settings, secret: secret || (connector.needsDefinition ? 'none' : '') }
}

export function inputOf(draft: Draft, connector: Connector): ConnectInput {
  const name = draft.name.trim()
  return {
    crm: draft.crm,
    url: connector.needsDefinition ? textAt(draft.definition, 'baseUrl').trim() : draft.url.trim(),
    ...(name ? { name } : {}),
    authentication: draft.authentication ? { id: draft.authentication } : enteredOf(draft, connector),
    ...settingsOf(draft, connector),
  }
}

function settingsOf(draft: Draft, connector: Connector): Pick<ConnectInput, 'settings'> {
  const settings: NonNullable<ConnectInput['settings']> = {}
  if (connector.needsDefinition) settings.definition = cleaned(draft.definition)
  if (draft.country) settings.defaultCountry = draft.country
  if (draft.apiVersion.trim()) settings.apiVersion = draft.apiVersion.trim()
  if (draft.keyFields) settings.keyFields = true
  return Object.keys(settings).length > 0 ? { settings } : {}
}

/** The origin of an address as people paste it, or null. */
export function originOf(text: string): string | null {
  const typed = text.trim()
  if (!typed) return null
  const full = /^https?:\/\//i.test(typed) ? typed : `https://${typed}`
  if (!URL.canParse(full)) return null
  const url = new URL(full)
  return url.hostname.includes('.') || url.hostname === 'localhost' ? url.origin : null
}
