import { words } from '../words.ts'

const { plural } = words('en')

/** Sites that may embed the panel. */
export const sites = {
  title: 'Embedding sites',
  none: 'No other site may embed the desktop',
  health: (n: number) => plural(n, { one: '# site may embed the desktop', other: '# sites may embed the desktop' }),
  list: 'Sites',
  listText: 'In whose pages the agents’ panel may stand, besides the hub’s own.',
  site: 'Site',
  hint: 'The address of the softphone’s page, without a path.',
  add: 'Add',
  added: (origin: string) => `${origin} may embed the desktop, within 5 seconds.`,
  remove: (origin: string) => `Remove ${origin}`,
  removed: (origin: string) => `${origin} may no longer embed the desktop.`,
  empty: 'None yet: the panel stands only in pages of the hub.',
  faults: {
    missing: 'Type the address of the site.',
    address: 'This is no address of a site, such as https://phone.example.com.',
    star: 'No stars: whoever gets a name below would be let in. List each site by itself.',
    path: 'Without a path: browsers let in a site as a whole, such as https://phone.example.com.',
    plain: 'Only https: what comes over http can be altered on its way. On this machine (localhost) http will do.',
    own: 'This is the hub itself: its own pages may embed the desktop anyway.',
    listed: 'This site is listed already.',
    many: 'No more than 50 sites. Remove one first.',
  },
  teams: 'Microsoft Teams',
  teamsText:
    'Teams shows the panel as an app, at Microsoft’s own addresses. The package for its admin centre comes from “jackfield desktop teams-app”.',
  teamsOn: 'Teams may embed the desktop',
  means: 'What it means',
  meaning: [
    'A listed site may show the agents’ cards within its page, tell the hub of calls, and be asked to dial.',
    'It reads nothing of the cards by itself; but it could lay something over the panel, so that a press means less there. List only sites that you trust.',
    'Agents still sign in themselves, in a window of the hub.',
    'Removing a site takes the panel out of pages that are opened from then on; one that is open stays until it is loaded again.',
  ],
  more: 'How to embed it:',
}
