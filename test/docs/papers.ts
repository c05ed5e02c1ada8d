import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const project = join(import.meta.dirname, '../..')

/** Every paper of the project, by its path. */
export function papers(): { file: string; text: string }[] {
  const files = globSync(['*.md', '{docs,migrations,src,web,simulators,test,bench,scripts}/**/*.md'], {
    cwd: project,
    exclude: ['**/node_modules/**', '**/dist/**', '**/planted/**'],
  })
  return files.sort().map((file) => ({ file, text: readFileSync(join(project, file), 'utf8') }))
}

export const paper = (file: string): string => readFileSync(join(project, file), 'utf8')

/** What stands in backticks within a line, outside of blocks of code. */
export function codeWords(text: string): string[] {
  const prose = text.replace(/^(```+)[\s\S]*?^\1/gm, '')
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!)
}

/** The cells of a table's rows whose first cell is in backticks. */
export function tableRows(text: string): string[][] {
  const cells = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1)
  return text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => cells(line).map((cell) => cell.trim().replaceAll('\\|', '|')))
}

export const exists = (path: string): boolean => existsSync(join(project, path))
