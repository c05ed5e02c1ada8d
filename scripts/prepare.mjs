// Builds the console after `npm ci`. Plain JavaScript: npm may run it with a Node that strips no types (20).
// Nothing that happens here fails an installation: the hub works without its console and says how to build it.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const built = join(root, 'web', 'dist', 'index.html')
const sources = [
  'package-lock.json',
  'src/server/contract',
  'web/client',
  'web/index.html',
  'web/public',
  'web/src',
  'web/vite.config.ts',
]

/** @param {string} path @returns {number} */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function isUpToDate() {
  const at = statSync(built, { throwIfNoEntry: false })?.mtimeMs
  return at !== undefined && sources.every((path) => newest(join(root, path)) < at)
}

/** @returns {string | undefined} why the console is not built */
function build() {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  if (!existsSync(join(root, 'web', 'src', 'main.tsx'))) return 'its sources are not here'
  if (!existsSync(vite)) return 'development packages are not installed'
  const pinned = join(root, 'node_modules', '.bin', 'node')
  const node = existsSync(pinned) ? pinned : process.execPath
  const run = spawnSync(node, [vite, 'build', 'web', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' })
  return run.status === 0 ? undefined : (run.error?.message ?? `the build ended with ${run.status ?? run.signal}`)
}

if (!isUpToDate()) {
  const why = build()
  if (why) console.error(`The console was not built: ${why}. \`npm run build:web\` builds it.`)
}
