import type { ServedHub } from '../server/served-hub.ts'
import type { World } from './world.ts'

export interface PageOf {
  /** Absent: whoever is signed in sees it. */
  signedOut?: true
  /** Real addresses of it; the first is the one that is pictured. */
  addresses(world: World): string[]
  /** Buttons that open a dialog, by what they are called in English. */
  dialogs?: RegExp[]
  /** One of those that are pictured on a telephone too. */
  main?: true
  /** Its first address is looked at on a hub that holds nothing too. */
  bare?: true
}

/** Every route of web/src/routes.tsx; one without a line here is a finding. */
const pages: Record<string, PageOf> = {
  '/sign-in': { signedOut: true, main: true, addresses: () => ['/sign-in'] },
  '/invitation': { signedOut: true, addresses: ({ invitation }) => [`/invitation#${invitation}`, '/invitation'] },
  '/': { main: true, bare: true, addresses: () => ['/'] },
  '/attention': { main: true, bare: true, addresses: () => ['/attention'] },
  '/connections': { bare: true, addresses: () => ['/connections'] },
  '/connections/new': { addresses: () => ['/connections/new'] },
  '/connections/:id': { main: true, addresses: ({ connection }) => [`/connections/${connection}`] },
  '/connections/:id/tables/:entity': {
    dialogs: [/^Add a field/],
    addresses: ({ connection }) => [`/connections/${connection}/tables/contact`],
  },
  '/authentications': { bare: true, addresses: () => ['/authentications'] },
  '/authentications/new': { addresses: () => ['/authentications/new'] },
  '/authentications/:id': {
    dialogs: [/^Replace the secret/, /^Delete/],
    addresses: ({ authentication }) => [`/authentications/${authentication}`],
  },
  '/runs': { bare: true, addresses: () => ['/runs'] },
  '/runs/:id': { addresses: ({ run }) => [`/runs/${run}`] },
  '/records': {
    main: true,
    bare: true,
    addresses: ({ record }) => ['/records', `/records?q=${encodeURIComponent(record.phone)}`],
  },
  '/records/:id': { main: true, dialogs: [/^Change/], addresses: ({ record }) => [`/records/${record.id}`] },
  '/desktop': { main: true, dialogs: [/^Keyboard/], addresses: () => ['/desktop'] },
  '/desktop/panel': { main: true, dialogs: [/^Keyboard/], addresses: () => ['/desktop/panel'] },
  '/desktop/let-in': { addresses: () => ['/desktop/let-in'] },
  '/interactions': { bare: true, addresses: () => ['/interactions', '/interactions?state=differing'] },
  '/interactions/:id': {
    addresses: ({ interaction }) => [`/interactions/${interaction.written}`, `/interactions/${interaction.unlinked}`],
  },
  '/writes': { bare: true, addresses: () => ['/writes'] },
  '/destinations': { bare: true, addresses: () => ['/destinations'] },
  '/destinations/:id/:entity/:crm': { addresses: ({ destination }) => [`/destinations/${destination}/contact/*`] },
  '/configurations': { bare: true, addresses: () => ['/configurations'] },
  '/configurations/new': { addresses: () => ['/configurations/new'] },
  '/configurations/:id': {
    dialogs: [/^Delete/],
    addresses: ({ configuration }) => [`/configurations/${configuration.id}`],
  },
  '/configurations/:id/:tab': {
    addresses: ({ configuration }) =>
      ['memorialization', 'search', 'dynamic-data', 'workflows', 'agent-workflows'].map(
        (tab) => `/configurations/${configuration.id}/${tab}`,
      ),
  },
  '/configurations/:id/agent-workflows/:workflow': {
    addresses: ({ configuration: { id, workflow } }) => [
      `/configurations/${id}/agent-workflows/${workflow}`,
      `/configurations/${id}/agent-workflows/new`,
    ],
  },
  '/configurations/:id/:tab/:part': {
    dialogs: [/^External CRM field/],
    addresses: ({ configuration: { id, mapping, search, create } }) => [
      `/configurations/${id}/memorialization/${mapping}`,
      `/configurations/${id}/dynamic-data/new?kind=dynamic_data`,
      `/configurations/${id}/search/${search}`,
      `/configurations/${id}/search/new?kind=search`,
      `/configurations/${id}/workflows/${create}`,
      `/configurations/${id}/workflows/new?kind=update`,
    ],
  },
  '/sites': { bare: true, addresses: () => ['/sites'] },
  '/audit-log': { main: true, addresses: () => ['/audit-log', '/audit-log?outcome=refused'] },
  '/keys': { bare: true, dialogs: [/^(Make|New|Create).* key/], addresses: () => ['/keys', '/keys?new=1'] },
  '/settings': { addresses: () => ['/settings'] },
  // Passkeys need a name in the address, and this hub has a number.
  '/account': { dialogs: [/^Set up: Authenticator app/], addresses: () => ['/account'] },
  '/account/crm': { addresses: () => ['/account/crm'] },
  '/people': { main: true, dialogs: [/^Invite someone/], addresses: () => ['/people', '/people?new=1'] },
  '/roles': { main: true, addresses: () => ['/roles', '/roles?new=1&copy=agent'] },
  '/roles/:id': { addresses: ({ role }) => ['/roles/agent', `/roles/${role}`] },
  '/teams': { bare: true, dialogs: [/^(Make|New|Add).* team/], addresses: () => ['/teams'] },
  '/teams/:id': { addresses: ({ team }) => [`/teams/${team}`] },
  '/people/:id': { addresses: ({ person }) => [`/people/${person}`] },
  '/*': { addresses: () => ['/nowhere'] },
}

export interface Address {
  route: string
  page: PageOf
  address: string
  /** Where it is. */
  hub: ServedHub
}

export function addressesOf(world: World): Address[] {
  return Object.entries(pages).flatMap(([route, page]) => {
    const addresses = page.addresses(world)
    return [
      ...addresses.map((address) => ({ route, page, address, hub: world.hub })),
      ...(page.bare ? [{ route, page, address: addresses[0]!, hub: world.bare }] : []),
    ]
  })
}

/** Routes without a line above, and lines whose route is gone. */
export function unlisted(routes: string[]): string[] {
  return [
    ...routes.filter((route) => !pages[route]).map((route) => `${route} has no line in test/a11y/pages.ts`),
    ...Object.keys(pages)
      .filter((route) => !routes.includes(route))
      .map((route) => `${route} of test/a11y/pages.ts is no route`),
  ]
}
