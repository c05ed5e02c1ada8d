import styles from './crm-mark.module.css'

/** A mark of our own for each CRM: its initial on its colour, since the vendors' logos are theirs. */
const marks: Record<string, { text: string; hue: string }> = {
  dynamics: { text: 'D', hue: '#1f5fbf' },
  'generic-http': { text: '{ }', hue: '#5b4a8a' },
  salesforce: { text: 'S', hue: '#0b7fab' },
  servicenow: { text: 'N', hue: '#2f6f4f' },
  zendesk: { text: 'Z', hue: '#3d5a5a' },
  hubspot: { text: 'H', hue: '#b5482e' },
  intercom: { text: 'I', hue: '#2c5fa3' },
  pipedrive: { text: 'P', hue: '#2d6a46' },
}

export function CrmMark({ crm, size = 28 }: { crm: string; size?: number }) {
  const mark = marks[crm] ?? { text: crm.slice(0, 1).toUpperCase(), hue: '#5b6270' }
  return (
    <span
      className={styles.mark}
      style={{
        inlineSize: size,
        blockSize: size,
        background: mark.hue,
        fontSize: size * 0.46,
        borderRadius: size * 0.26,
      }}
      aria-hidden="true"
    >
      {mark.text}
    </span>
  )
}
