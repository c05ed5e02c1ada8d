import stepStyles from './wizard-steps.module.css'

/** The steps of a wizard beside it; those behind can be gone back to until it is done. */
export function WizardSteps<Step extends string>(props: {
  label: string
  steps: readonly { step: Step; title: string }[]
  /** Null: all are behind. */
  at: Step | null
  onGo(step: Step): void
}) {
  const { steps, at } = props
  const here = at === null ? steps.length : steps.findIndex(({ step }) => step === at)
  return (
    <ol className={stepStyles.steps} aria-label={props.label}>
      {steps.map(({ step, title }, index) => (
        <li key={step} aria-current={step === at ? 'step' : undefined} data-done={index < here}>
          <button type="button" disabled={index >= here || at === null} onClick={() => props.onGo(step)}>
            <span className={stepStyles.number}>{index + 1}</span>
            {title}
          </button>
        </li>
      ))}
    </ol>
  )
}
