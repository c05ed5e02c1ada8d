import type { Cell } from './cells.ts'

const signs: Record<Cell['outcome'], string> = { passed: '✓', failed: '✗', 'not applicable': '–' }

export function tellCell({ behaviour, outcome, why, seconds }: Cell): void {
  const took = outcome === 'not applicable' ? '' : `  ${seconds.toFixed(1)} s`
  console.log(`  ${signs[outcome]} ${behaviour}${took}`)
  if (why !== undefined) console.log(`      ${why.replace(/\n/g, '\n      ')}`)
}

/** Behaviours down, connectors across. */
export function drawTable(cells: readonly Cell[]): void {
  const connectors = [...new Set(cells.map(({ connector }) => connector))]
  const byBehaviour = Map.groupBy(cells, ({ behaviour }) => behaviour)
  const width = Math.max(...[...byBehaviour.keys()].map((name) => name.length)) + 2
  console.log(`\n${''.padEnd(width)}${connectors.map((name) => name.padStart(name.length + 2)).join('')}`)
  for (const [behaviour, row] of byBehaviour) {
    const marks = connectors.map((name) => {
      const cell = row.find(({ connector }) => connector === name)
      return (cell ? signs[cell.outcome] : ' ').padStart(name.length + 2)
    })
    console.log(`${behaviour.padEnd(width)}${marks.join('')}`)
  }
  const lacks = cells.filter(({ outcome }) => outcome === 'not applicable')
  const reasons = Map.groupBy(lacks, ({ connector, why }) => `${connector} lacks ${why}`)
  for (const [reason, of] of reasons) console.log(`– ${reason}  (${of.length} behaviours)`)
}
