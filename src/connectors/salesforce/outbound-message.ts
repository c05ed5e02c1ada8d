import { createHmac } from 'node:crypto'
import type { CrmEvent } from '#connectors/push.ts'
import { HubError } from '#core/errors.ts'
import { longId } from './ids.ts'
import { tablesOf } from './object-tables.ts'
import { childOf, childrenOf, parseXml, type XmlElement } from './xml.ts'

/** As many as Salesforce puts into one message. */
const mostNotifications = 100

/**
 * What stands in the address that outbound messages are sent to, since Salesforce signs nothing. Another text than the
 * key of signatures, for addresses end up in logs.
 */
export const outboundKey = (secret: string): string =>
  createHmac('sha256', secret).update('outbound messages').digest('base64url')

/** Which records an outbound message tells of; its values are not taken. Throws input.invalid. */
export function readOutboundMessage(source: string): CrmEvent[] {
  const envelope = parseXml(source)
  const notifications = childOf(childOf(envelope, 'Body'), 'notifications')
  if (envelope.name !== 'Envelope' || !notifications) throw notOne('notifications')
  const organisation = longId(childOf(notifications, 'OrganizationId')?.text ?? '')
  const told = childrenOf(notifications, 'Notification')
  if (organisation === null) throw notOne('OrganizationId')
  if (told.length === 0 || told.length > mostNotifications) throw notOne('Notification')
  return told.flatMap((notification) => eventsOf(organisation, notification))
}

function eventsOf(organisation: string, notification: XmlElement): CrmEvent[] {
  const sObject = childOf(notification, 'sObject')
  const type = Object.entries(sObject?.attributes ?? {}).find(
    ([name]) => name === 'type' || name.endsWith(':type'),
  )?.[1]
  const object = type?.slice(type.indexOf(':') + 1) ?? ''
  const id = longId(childOf(notification, 'Id')?.text ?? '')
  const sourceId = longId(childOf(sObject, 'Id')?.text ?? '')
  if (!/^\w+$/.test(object)) throw notOne('sObject')
  if (id === null || sourceId === null) throw notOne('Id')
  return tablesOf(object).map((table) => ({
    eventKey: `${organisation}/${id}/${table}`,
    organisation,
    table,
    sourceId,
    operation: 'message',
  }))
}

const notOne = (place: string) =>
  new HubError('input.invalid', `The body is no outbound message of Salesforce (${place})`)

/** Salesforce sends the message again until it reads this. */
export const acknowledgement = {
  contentType: 'text/xml; charset=utf-8',
  body:
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
    '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>' +
    '</soapenv:Body></soapenv:Envelope>',
}
