import { originIn } from '#connectors/pasted-address.ts'

const addressed = {
  title: 'Dynamics 365',
  toApi: (host: string) => host.replace(/^([^.]+)\.api\.(crm[^.]*\..+)$/, '$1.$2'),
  mend: 'Paste the address of the app from the browser, such as https://contoso.crm4.dynamics.com.',
}

export const normaliseUrl = (text: string): string => originIn(text, addressed)
