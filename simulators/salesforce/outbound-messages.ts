import { randomUUID } from 'node:crypto'
import type { Callout } from './apex-callout.ts'
import { makeId } from './ids.ts'
import type { Change, Organisation } from './organisation.ts'

export const isLoopback = (url: string) =>
  URL.canParse(url) && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname)

const MOST = 100
let nextNotification = 1

const escaped = (text: unknown) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

type Rule = { object: string; url: string; fields: string[]; id: string }

/** Up to 100 notifications in one SOAP message; deletions are not told. */
export function outboundMessages(org: Organisation, rules: Rule[], changes: Change[]): Callout[] {
  return rules.flatMap((rule) => {
    const told = changes.filter((c) => c.table.definition.name === rule.object && c.operation !== 'delete')
    const out: Callout[] = []
    for (let at = 0; at < told.length; at += MOST) {
      const body = envelope(org, rule, told.slice(at, at + MOST))
      const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' }
      out.push({ url: rule.url, method: 'POST', headers, body, acknowledged: true, error: null, id: randomUUID() })
    }
    return out
  })
}

function envelope(org: Organisation, rule: Rule, changes: Change[]): string {
  const notifications = changes.map(({ after }) => {
    const id = makeId('04l', org.instance, nextNotification++)
    const fields = rule.fields
      .filter((f) => f !== 'Id' && (after.fields[f] ?? null) !== null)
      .map((f) => `<sf:${f}>${escaped(after.fields[f])}</sf:${f}>`)
    return `<Notification><Id>${id}</Id><sObject xsi:type="sf:${rule.object}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>${after.id}</sf:Id>${fields.join('')}</sObject></Notification>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>${org.id}</OrganizationId><ActionId>${rule.id}</ActionId><SessionId xsi:nil="true"/><EnterpriseUrl></EnterpriseUrl><PartnerUrl></PartnerUrl>${notifications.join('')}</notifications></soapenv:Body></soapenv:Envelope>`
}
