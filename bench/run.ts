import { desktop } from './desktop.ts'
import { inbox } from './inbox.ts'
import { lookup } from './lookup.ts'
import { progress } from './progress.ts'
import { sync } from './sync.ts'

type Outcome = Record<string, unknown> & { ok: boolean }

const benches: Record<string, (args: string[]) => Promise<Outcome>> = { sync, inbox, lookup, desktop }
/** Settings of `all`: short enough to be run often, too short to be quoted. */
const short: Record<string, string[]> = {
  lookup: ['--records', '100000', '--pairs', '1', '--seconds', '4'],
  inbox: ['--pairs', '1', '--seconds', '5', '--bodies', '50000'],
  sync: ['--records', '100000', '--pairs', '1', '--quick'],
  desktop: ['--records', '50000', '--seconds', '10'],
}

// The last line is JSON with and without --json, which stands there since every command takes it.
const [name = '', ...args] = process.argv.slice(2).filter((arg) => arg !== '--json')
if (name === 'all') {
  const outcomes: Outcome[] = []
  for (const [bench, run] of Object.entries(benches)) {
    progress(`bench ${bench}`)
    outcomes.push(await run(short[bench] ?? []))
  }
  tell({ name: 'all', ok: outcomes.every(({ ok }) => ok), benches: outcomes })
} else {
  const bench = benches[name]
  if (!bench) {
    const asked = name === '--help' || name === '-h'
    const told = asked ? process.stdout : process.stderr
    told.write(`npm run bench -- <${Object.keys(benches).join(' | ')} | all>   (bench/README.md tells more)\n`)
    process.exit(asked ? 0 : 2)
  }
  tell(await bench(args))
}

function tell(outcome: Outcome): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
  process.exitCode = outcome.ok ? 0 : 1
}
