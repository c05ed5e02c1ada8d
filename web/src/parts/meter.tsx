import styles from './meter.module.css'

/** How far something is; without a share it only shows that it moves. */
export function Meter(props: {
  label: string
  share: number | null
  tone?: 'busy' | 'ok' | 'warn' | 'bad' | 'idle'
  slim?: boolean
}) {
  const { share } = props
  const percent = share === null ? undefined : Math.max(0, Math.min(100, share * 100))
  return (
    <div
      className={styles.meter}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent === undefined ? undefined : Math.floor(percent)}
      data-tone={props.tone ?? 'busy'}
      data-slim={props.slim}
      data-open={percent === undefined}
    >
      <span style={percent === undefined ? undefined : { transform: `scaleX(${percent / 100})` }} />
    </div>
  )
}
