import { readFileSync } from 'node:fs'
import ts from 'typescript'
import type { Plugin } from 'vite'

/** In this order one file; none of them imports anything else. */
const sources = ['messages.ts', 'jackfield-desktop.ts']

const text = () =>
  sources
    .map((name) =>
      readFileSync(new URL(name, import.meta.url), 'utf8').replace(/^import [^;]*? from '\.\/[^']+'\n/gm, ''),
    )
    .join('\n')

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
}

/** The client for softphones: one file under a name that stays, with its types beside it. */
export function desktopClient(): Plugin {
  return {
    name: 'desktop-client',
    apply: 'build',
    generateBundle() {
      const whole = text()
      const emit = (fileName: string, source: string) => this.emitFile({ type: 'asset', fileName, source })
      emit('client/jackfield-desktop.js', ts.transpileModule(whole, { compilerOptions: options }).outputText)
      const { outputText } = ts.transpileDeclaration(whole, { compilerOptions: { ...options, declaration: true } })
      emit('client/jackfield-desktop.d.ts', outputText)
    },
  }
}
