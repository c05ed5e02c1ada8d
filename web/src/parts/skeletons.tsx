import styles from './skeletons.module.css'

/** A grey bar as wide as what will stand there. */
export function Bar({ width = '60%', height = 12 }: { width?: number | string; height?: number }) {
  return <span className={styles.bar} data-skeleton style={{ inlineSize: width, blockSize: height }} />
}

export function SkeletonRows({ rows = 8, height = 36 }: { rows?: number; height?: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical drawings
        <div key={index} className={styles.row} style={{ blockSize: height }}>
          <Bar width={`${28 + ((index * 7) % 18)}%`} />
          <Bar width="14%" />
          <Bar width="10%" />
        </div>
      ))}
    </div>
  )
}

/** A block of the size of what comes, so that nothing below it jumps. */
export function SkeletonBlock({ height }: { height: number }) {
  return <div className={styles.block} data-skeleton style={{ blockSize: height }} aria-hidden="true" />
}
