import styles from './sparkline.module.css'

/** A series as a line over a faint area; the newest value at the right edge. */
export function Sparkline(props: {
  values: readonly number[]
  label: string
  width?: number
  height?: number
  slots?: number
}) {
  const width = props.width ?? 120
  const height = props.height ?? 28
  const slots = Math.max(props.slots ?? 30, props.values.length)
  const top = Math.max(1, ...props.values)
  const step = width / Math.max(1, slots - 1)
  const first = width - (props.values.length - 1) * step
  const points = props.values.map((value, index) => {
    const x = first + index * step
    const y = height - 2 - (value / top) * (height - 5)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  const last = points.at(-1)?.split(',')
  return (
    <svg
      className={styles.line}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={props.label}
      style={{ blockSize: height }}
    >
      <path d={`M0 ${height - 1.5}H${width}`} className={styles.base} />
      {points.length > 1 ? (
        <>
          <path
            d={`M${points[0]?.split(',')[0]},${height}L${points.join('L')}L${width},${height}Z`}
            className={styles.area}
          />
          <path d={`M${points.join('L')}`} className={styles.stroke} />
        </>
      ) : null}
      {last ? <path d={`M${Number(last[0]) - 1} ${last[1]}h0`} className={styles.end} /> : null}
    </svg>
  )
}
