import { mkdir, writeFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import type { Visitor } from '../web/console.ts'
import { visit } from '../web/console.ts'
import { goTo, languages, signIn, withoutBanner } from './looks.ts'
import { addressesOf } from './pages.ts'
import type { World } from './world.ts'

const folder = new URL('../../docs/images/pages/', import.meta.url)
const sizes = [
  { width: 1280, height: 800, theme: 'light', everyPage: true },
  { width: 390, height: 780, theme: 'dark', everyPage: false },
] as const

/** Every page on a desk, and the main ones on a telephone in the dark, into docs/images/pages. Answers how many. */
export async function takePictures(browser: Browser, world: World): Promise<number> {
  await mkdir(folder, { recursive: true })
  let taken = 0
  for (const { everyPage, ...size } of sizes) {
    const signedOut = await visit(browser, { ...size, locale: languages.en })
    const signedIn = await visit(browser, { ...size, locale: languages.en })
    await withoutBanner(signedIn.context)
    await signIn(signedIn, world)
    const firsts = new Map(
      addressesOf(world)
        .toReversed()
        .map((each) => [each.route, each]),
    )
    for (const { route, page, address } of firsts.values()) {
      if (!everyPage && !page.main) continue
      const visitor = page.signedOut ? signedOut : signedIn
      await goTo(visitor, world, address)
      await writeFile(new URL(`${nameOf(route)}-${size.width}.webp`, folder), await picture(visitor))
      taken += 1
    }
    await Promise.all([signedOut.context.close(), signedIn.context.close()])
  }
  return taken
}

/** `/connections/:id` is `connections-id`. */
function nameOf(route: string): string {
  return route === '/*' ? 'lost' : route.replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '') || 'home'
}

/** Playwright itself writes no WebP, a third as large as PNG; the browser does. */
async function picture({ page, context }: Visitor): Promise<Buffer> {
  const client = await context.newCDPSession(page)
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: 82 })
  await client.detach()
  return Buffer.from(data, 'base64')
}
