import type { Page } from 'playwright-core'
import { until } from '../server/served-hub.ts'
import { axeFindings } from '../web/console.ts'
import { hasFocus, tabTo, walk } from './keys.ts'
import { ask } from './looks.ts'

/** Opened by key, walked round, closed by Escape: the focus goes in, stays in, and comes back. */
export async function tryDialog(page: Page, name: RegExp): Promise<string[]> {
  const opener = page.getByRole('button', { name }).first()
  await tabTo(page, opener)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog')).first()
  await dialog.waitFor()
  await until('the dialog has the focus', () => ask<boolean>(page, 'inRoom()'))
  const { problems } = await walk(page)
  problems.push(...(await axeFindings(page)))
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  const back = await until('the focus is back', () => hasFocus(opener)).catch(() => false)
  if (!back) problems.push(`the focus is not given back, but is on ${await ask<string>(page, 'focused()')}`)
  return problems.map((problem) => `dialog ${name}: ${problem}`)
}
