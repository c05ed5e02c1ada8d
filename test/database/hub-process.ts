/**
 * A process that holds a data folder as a hub does, to be killed by tests: `node hub-process.ts FOLDER [--exit]`. It
 * prints one JSON line when it is up, or with the error's code when it is refused; SIGINT and SIGTERM stop it.
 */
import { isHubError } from '#core/errors.ts'
import { startEmbedded } from '#database/embedded.ts'

const [folder = '', mode] = process.argv.slice(2)
const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`)

try {
  const embedded = await startEmbedded({ dataFolder: folder, log: (line) => process.stderr.write(`${line}\n`) })
  await embedded.announce(`http://127.0.0.1:1/hub-of-${process.pid}`)
  const stop = async () => {
    await embedded.stop()
    say({ stopped: true })
    process.exit(0)
  }
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())
  say({ url: embedded.url, adopted: embedded.adopted, pid: process.pid })
  if (mode === '--exit') process.exit(3)
  setInterval(() => undefined, 1000)
} catch (error) {
  if (!isHubError(error)) throw error
  say({ code: error.code, message: error.message, mend: error.detail.mend })
  process.exitCode = 1
}
