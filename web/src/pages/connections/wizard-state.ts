import type { ConnectInput, Connection } from '../../api/connections.ts'
import type { Connector } from '../../api/connectors.ts'

export type WizardStep = 'choose' | 'where' | 'app' | 'check' | 'done'

export interface Draft {
  step: WizardStep
  crm: string
  url: string
  name: string
  /** Entries by field name; the secret among them, never stored by the browser. */
  fields: Record<string, string>
  /** What the organisation itself told. */
  found: Record<string, string>
  connection: Connection | null
}

export type WizardAct =
  | { do: 'go'; step: WizardStep }
  | { do: 'choose'; crm: string }
  | { do: 'put'; name: 'url' | 'name'; value: string }
  | { do: 'field'; name: string; value: string }
  | { do: 'found'; url: string; settings: Record<string, string> }
  | { do: 'connected'; connection: Connection }

export type Send = (act: WizardAct) => void

export const emptyDraft: Draft = { step: 'choose', crm: '', url: '', name: '', fields: {}, found: {}, connection: null }

export function wizardReducer(draft: Draft, act: WizardAct): Draft {
  switch (act.do) {
    case 'go':
      return { ...draft, step: act.step }
    case 'choose':
      return { ...draft, crm: act.crm, step: 'where' }
    case 'put':
      return { ...draft, [act.name]: act.value, ...(act.name === 'url' ? { found: {} } : {}) }
    case 'field':
      return { ...draft, fields: { ...draft.fields, [act.name]: act.value } }
    case 'found':
      return { ...draft, url: act.url, found: act.settings, fields: { ...draft.fields, ...act.settings } }
    case 'connected':
      return { ...draft, connection: act.connection, fields: {}, step: 'done' }
  }
}

export function inputOf(draft: Draft, connector: Connector): ConnectInput {
  const secretField = connector.authentication.fields.find((field) => field.secret)
  const settings: Record<string, string> = {}
  for (const field of connector.authentication.fields) {
    const value = draft.fields[field.name]?.trim()
    if (!field.secret && value) settings[field.name] = value
  }
  const name = draft.name.trim()
  return {
    crm: draft.crm,
    url: draft.url.trim(),
    ...(name ? { name } : {}),
    authentication: { settings, secret: draft.fields[secretField?.name ?? 'secret']?.trim() ?? '' },
  }
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
