import { noAddress, originIn } from '#connectors/pasted-address.ts'
import { HubError } from '#core/errors.ts'

const addressed = {
  title: 'Salesforce',
  toApi(host: string): string {
    const there = toMyDomain(host)
    if (!/^(login|test|welcome|www)\.salesforce\.com$/.test(there)) return there
    throw noAddress(addressed, 'It is the same for all organisations.')
  },
  mend: 'Paste the organisation’s My Domain address, such as https://contoso.my.salesforce.com.',
}

/** A page of Lightning or Setup is brought to My Domain, where the API is. */
export const normaliseUrl = (text: string): string => originIn(text, addressed)

/** `contoso--test.sandbox.lightning.force.com` → `contoso--test.sandbox.my.salesforce.com`. */
function toMyDomain(host: string): string {
  return host
    .replace(/^(.+)\.lightning\.force\.com$/, '$1.my.salesforce.com')
    .replace(/^(.+)\.my\.salesforce-setup\.com$/, '$1.my.salesforce.com')
}

export function notTheCrm(url: string, more: { vendorStatus?: number; cause?: unknown } = {}): HubError {
  const message = `${url} does not answer as a Salesforce organisation does.`
  return new HubError('connection.not_the_crm', message, { field: 'url', mend: addressed.mend, ...more })
}
