import type { Browser } from 'playwright-core'
import type { TestScope } from '../support/database.ts'
import { buildConsole, startBrowser, type Visitor } from '../web/console.ts'
import { tryDialog } from './dialogs.ts'
import { tryJourneys } from './journeys.ts'
import { walk } from './keys.ts'
import { goTo, lookAt, open, signIn, type View, type Violation } from './looks.ts'
import { type Address, addressesOf, unlisted } from './pages.ts'
import { takePictures } from './pictures.ts'
import { consoleRoutes } from './routes.ts'
import { openWorld, type World } from './world.ts'

export interface Outcome {
  /** Routes that were opened. */
  pages: number
  /** Addresses × languages × widths × themes. */
  views: number
  /** Places that the Tab key came to. */
  stops: number
  dialogs: number
  journeys: number
  pictures: number
  violations: Violation[]
}

export interface Options {
  /** Each language in one width and one theme, and only the pages that differ most. */
  short?: boolean
  pictures?: boolean
  onTold?: (line: string) => void
}

const every: View[] = (['fr', 'nl', 'en'] as const).flatMap((language) => [
  { language, width: 1280, themes: ['light', 'dark'] },
  { language, width: 320, themes: ['dark', 'light'] },
])
const few: View[] = [
  { language: 'en', width: 1280, themes: ['light'] },
  { language: 'fr', width: 320, themes: ['dark'] },
  { language: 'nl', width: 320, themes: ['light'] },
]
const shortRoutes = ['/sign-in', '/invitation', '/audit-log', '/people', '/*']

/** Opens a hub of its own and looks at every page of its console. */
export async function checkConsole(t: TestScope, options: Options = {}): Promise<Outcome> {
  await buildConsole()
  const world = await openWorld(t)
  const browser = await startBrowser(t)
  const violations = unlisted(consoleRoutes()).map((at) => ({ page: 'routes', view: '', rule: 'listed', at }))
  const outcome: Outcome = { pages: 0, views: 0, stops: 0, dialogs: 0, journeys: 0, pictures: 0, violations }
  const tell = options.onTold ?? (() => undefined)
  const addresses = addressesOf(world).filter(
    ({ route, page, address, hub }) =>
      !options.short || (shortRoutes.includes(route) && address === page.addresses(world)[0] && hub === world.hub),
  )
  outcome.pages = new Set(addresses.map(({ route }) => route)).size
  const round: Round = { world, browser, addresses, outcome, tell }
  if (options.pictures) outcome.pictures = await takePictures(browser, world)
  const { tried, found } = await tryJourneys(browser, world, tell)
  outcome.journeys = tried
  violations.push(...found)
  const queue = [...(options.short ? few : every)]
  const lane = async () => {
    for (let view = queue.shift(); view; view = queue.shift()) await lookRound(round, view)
  }
  await Promise.all([lane(), lane()])
  return outcome
}

interface Round {
  world: World
  browser: Browser
  addresses: Address[]
  outcome: Outcome
  tell(line: string): void
}

/** All pages in one language and width; in English their keys too, which are the same in every language. */
async function lookRound(round: Round, view: View): Promise<void> {
  const { world, browser, outcome, tell } = round
  const theme = view.themes[0]!
  const signedOut = await open(browser, { ...view, theme })
  const signedIn = await open(browser, { ...view, theme })
  await signIn(signedIn, world)
  const newcomer = await open(browser, { ...view, theme })
  await signIn(newcomer, { hub: world.bare })
  for (const [index, each] of round.addresses.entries()) {
    const visitor = each.page.signedOut ? signedOut : each.hub === world.bare ? newcomer : signedIn
    await goTo(visitor, each, each.address)
    const before = outcome.violations.length
    outcome.violations.push(...(await lookAt(visitor, view, each)))
    outcome.views += view.themes.length
    if (view.language === 'en') await tryKeys(round, visitor, { ...view, theme }, each)
    const bare = each.hub === world.bare ? ', empty' : ''
    tell(
      `${view.language} ${view.width} ${index + 1}/${round.addresses.length} ${each.address}${bare}: ${outcome.violations.length - before} found`,
    )
  }
  await Promise.all([signedOut, signedIn, newcomer].map(({ context }) => context.close()))
}

async function tryKeys(
  { outcome }: Round,
  visitor: Visitor,
  view: { theme: string; width: number },
  { route, address, page, hub }: Address,
): Promise<void> {
  const note = (at: string) =>
    outcome.violations.push({ page: route, view: `en ${view.theme} ${view.width}`, rule: 'keyboard', at })
  // Where the focus begins is the page's own matter again.
  await goTo(visitor, { hub }, address)
  const { stops, problems } = await walk(visitor.page)
  outcome.stops += stops
  for (const problem of problems) note(problem)
  for (const name of page.dialogs ?? []) {
    if (address.includes('?')) continue
    await goTo(visitor, { hub }, address)
    await tryDialog(visitor.page, name)
      .then((wrong) => wrong.forEach(note))
      .catch((error: Error) => note(`dialog ${name}: ${error.message.slice(0, 400)}`))
    outcome.dialogs += 1
  }
}
