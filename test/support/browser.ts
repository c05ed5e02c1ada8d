import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import chromium, { inflate } from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))

/**
 * A headless Chromium on a machine that has nothing installed: the browser, the few libraries that a bare Linux lacks
 * (NSS, NSPR, expat) and a font all come out of one npm package.
 */
export async function launchBrowser(): Promise<Browser> {
  const folder = await unpacked()
  return playwright.launch({
    executablePath: join(folder, 'chromium'),
    // As root Chromium has no sandbox of its own; only pages of this project are opened in it.
    args: ['--no-sandbox', '--font-render-hinting=none', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      // The machine's own fonts where it has some; else the one in the package.
      ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') }),
    },
    chromiumSandbox: false,
    // It is half a minute by itself.
    timeout: 180_000,
  })
}

/** Unpacked once for all test processes: into a folder of one's own, then put in place in one step. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  const folder = join(tmpdir(), `jackfield-chromium-${version}-${userInfo().uid}`)
  if (existsSync(folder)) return folder
  const own = await mkdtemp(join(tmpdir(), 'jackfield-chromium-'))
  await inflateInto(own)
  try {
    await rename(own, folder)
  } catch (error) {
    // Another process was quicker.
    await rm(own, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** The package unpacks into the folder for temporary files and takes a half unpacked file there for a whole one. */
async function inflateInto(folder: string): Promise<void> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    await mkdir(folder, { recursive: true })
    await Promise.all([chromium.executablePath(), inflate(join(packageFolder, 'bin', 'al2023.tar.br'))])
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}
