/** Folders of src, lowest row first. */
export const rows: string[][]

declare const config: { forbidden: { name: string; comment: string; severity: 'error' }[] }
export default config
