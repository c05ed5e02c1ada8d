import type { Text } from '../../text/en.ts'
import { useText } from '../../text/use-text.tsx'
import { windowFlow } from './wizard-state.ts'

type Vendor = Text['vendors']['salesforce']

/** What the wizard says of one vendor; Dynamics' is what it says of all others. */
export function useVendorWords(crm: string) {
  const { t } = useText()
  const vendor: Vendor | undefined = crm === 'salesforce' ? t.vendors.salesforce : undefined
  const flowTitle = (flow: string) => vendor?.flows[flow] ?? t.ownAccounts.flows[flow] ?? flow
  const flowLabel = vendor?.flowLabel ?? t.ownAccounts.flowLabel
  return {
    whereText: vendor?.whereText ?? t.wizard.whereText,
    urlPlaceholder: vendor?.urlPlaceholder ?? t.wizard.urlPlaceholder,
    discovering: vendor?.discovering ?? t.wizard.discovering,
    appText: (flow: string) => (flow === windowFlow ? t.ownAccounts.windowApp : (vendor?.appText ?? t.wizard.appText)),
    flowLabel,
    flowTitle,
    appWhere: (flow: string) =>
      vendor?.appWhere[flow] ?? (flow === windowFlow ? t.ownAccounts.windowWhere : t.wizard.appWhere),
    label: (name: string) =>
      name === 'flow' ? flowLabel : (vendor?.fields[name] ?? t.wizard.fields[name] ?? t.http.fields[name] ?? name),
    hint: (name: string) => (vendor ? vendor.hints[name] : t.wizard.hints[name]) ?? null,
    /** The value of a setting that people see, in words. */
    value: (name: string, value: string) =>
      name === 'flow' ? flowTitle(value) : name === 'kind' ? (t.http.options[value] ?? value) : value,
  }
}

/** What is wrong with a private key as it was pasted, or null. */
export function pemFault(text: string, words: Text['vendors']['pem']): string | null {
  if (/-----BEGIN CERTIFICATE/.test(text)) return words.certificate
  if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text)) return words.encrypted
  return /-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\S]+-----END/.test(text) ? null : words.none
}
