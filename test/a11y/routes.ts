import { readFileSync } from 'node:fs'
import ts from 'typescript'

const file = new URL('../../web/src/routes.tsx', import.meta.url)

/** Every address of the console as web/src/routes.tsx writes it: `/connections/:id`, and `/*` for those that nobody has. */
export function consoleRoutes(text = readFileSync(file, 'utf8')): string[] {
  const source = ts.createSourceFile('routes.tsx', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const routes: string[] = []
  const visit = (node: ts.Node, above: string): void => {
    if (!ts.isObjectLiteralExpression(node)) {
      ts.forEachChild(node, (child) => visit(child, above))
      return
    }
    const properties = new Map(
      node.properties.filter(ts.isPropertyAssignment).map((each) => [each.name.getText(), each.initializer]),
    )
    const path = properties.get('path')
    const own = path && ts.isStringLiteralLike(path) ? path.text : ''
    const here = own.startsWith('/') ? own : own ? `${above.replace(/\/$/, '')}/${own}` : above
    const children = properties.get('children')
    if (children) visit(children, here)
    else if (path || properties.has('index')) routes.push(here)
  }
  visit(source, '')
  return routes
}
