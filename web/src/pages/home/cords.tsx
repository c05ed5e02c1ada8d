import styles from './cords.module.css'

export type Flow = 'flowing' | 'quiet' | 'broken' | 'paused' | 'ghost'

/** A patch cord from the left edge to the right one; it hangs a little, as cords do, and is unplugged when broken. */
export function Cord({ flow, label }: { flow: Flow; label?: string }) {
  const end = flow === 'broken' ? 78 : 100
  const y = flow === 'broken' ? 30 : 20
  const path = `M0 20C${end * 0.35} 33 ${end * 0.65} 36 ${end} ${y}`
  return (
    <div className={styles.cord} data-flow={flow}>
      <svg viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
        <path d={path} className={styles.wire} />
        {flow === 'flowing' ? <path d={path} className={styles.pulse} /> : null}
      </svg>
      <i className={styles.socketLeft} />
      <i className={styles.socketRight} />
      {label ? <span className={styles.label}>{label}</span> : null}
    </div>
  )
}

/** From the middle of the left edge to each of so many places on the right. */
export function Fan({ flows }: { flows: Flow[] }) {
  return (
    <div className={styles.fan}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {flows.map((flow, index) => {
          const y = ((index + 0.5) / flows.length) * 100
          const from = 50 + (index - (flows.length - 1) / 2) * 4
          const path = `M0 ${from}C45 ${from} 55 ${y} 100 ${y}`
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a cord is its place
            <g key={index} data-flow={flow}>
              <path d={path} className={styles.wire} />
              {flow === 'flowing' ? <path d={path} className={styles.pulse} /> : null}
            </g>
          )
        })}
      </svg>
    </div>
  )
}
