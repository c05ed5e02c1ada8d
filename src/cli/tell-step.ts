import type { CheckStep } from '../server/contract/connections.ts'
import type { Output } from './output.ts'

export function tellStep(output: Output, step: CheckStep): void {
  output.line(`${step.ok ? '✓' : '✗'} ${step.message}`)
  if (step.mend !== undefined && !step.ok) output.line(`  ${step.mend}`)
}
