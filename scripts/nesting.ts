import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Blocks within blocks of one function: what stands deeper wants a function of its own. Biome has no rule for it yet. */
const deepest = 3

/** Functions that nest deeper all the same, as `file function`, each with its reason. */
const exceptions: Record<string, string> = {}

interface Deep {
  /** `file function` */
  name: string
  line: number
  depth: number
}

/** The functions of a file that nest deeper than is allowed, with the line that does. */
export function findDeep(file: string, text: string): Deep[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found = new Map<string, Deep>()
  const visit = (node: ts.Node, depth: number, inside: string): void => {
    const here = ts.isFunctionLike(node) ? 0 : nests(node) ? depth + 1 : depth
    const name = (ts.isFunctionLike(node) && nameOf(node)) || inside
    if (here > Math.max(deepest, found.get(name)?.depth ?? 0)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      found.set(name, { name: `${file} ${name}`, line: line + 1, depth: here })
    }
    ts.forEachChild(node, (child) => visit(child, here, name))
  }
  visit(source, 0, 'the file itself')
  return [...found.values()]
}

function nests(node: ts.Node): boolean {
  // `else if` goes on where its `if` stands.
  if (ts.isIfStatement(node)) return !(ts.isIfStatement(node.parent) && node.parent.elseStatement === node)
  return ts.isIterationStatement(node, false) || ts.isSwitchStatement(node) || ts.isTryStatement(node)
}

function nameOf(node: ts.SignatureDeclaration): string | undefined {
  if (node.name) return node.name.getText()
  const { parent } = node
  const named = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
  return named ? parent.name.getText() : undefined
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const files = globSync('{src,web/src,test,simulators,bench,scripts}/**/*.{ts,tsx,mjs}', {
    cwd: root,
    exclude: ['**/planted/**'],
  })
  const deep = files.flatMap((file) => findDeep(file, readFileSync(join(root, file), 'utf8')))
  const wrong = deep.filter(({ name }) => !(name in exceptions))
  const unneeded = Object.keys(exceptions).filter((name) => !deep.some((each) => each.name === name))
  for (const { name, line, depth } of wrong)
    console.log(`${name} nests ${depth} deep at line ${line}; ${deepest} are allowed`)
  for (const name of unneeded) console.log(`${name} needs no exception`)
  console.log(`${files.length} files looked at, ${wrong.length} nest too deep`)
  process.exitCode = wrong.length + unneeded.length === 0 && files.length > 0 ? 0 : 1
}
