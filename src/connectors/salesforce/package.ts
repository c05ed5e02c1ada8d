import { zipOf } from '#core/zip.ts'
import { apexOf, namesFor, type PushTarget } from './apex.ts'

/**
 * By whose rules the code is compiled and run, which is what it was tried with: not the connection's version, which says
 * how the package is handed over. Old enough for every organisation, new enough for a queueable that waits before it is run.
 */
const API_VERSION = '60.0'
const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata'
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** A package of the Metadata API. */
export interface MetadataPackage {
  zip: Buffer
  /** Its files, for people to read. */
  files: ReadonlyMap<string, string>
  /** Classes whose tests prove it. */
  tests: string[]
}

/** What makes the CRM tell this hub of changes; the same target makes the same bytes. */
export function pushPackage(target: PushTarget, stale: readonly string[] = []): MetadataPackage {
  const names = namesFor(target.connectionId)
  const sources = apexOf(target)
  const files = new Map<string, string>()
  const members = (kind: 'class' | 'trigger') =>
    sources.flatMap((source) => (source.kind === kind ? [source.name] : []))
  files.set(
    'package.xml',
    manifest({ ApexClass: members('class'), ApexTrigger: members('trigger'), RemoteSiteSetting: [names.siteName] }),
  )
  for (const { kind, name, source } of sources) {
    const [path, type] =
      kind === 'class' ? [`classes/${name}.cls`, 'ApexClass'] : [`triggers/${name}.trigger`, 'ApexTrigger']
    files.set(path, source)
    files.set(
      `${path}-meta.xml`,
      `${HEAD}<${type} xmlns="${NAMESPACE}">\n  <apiVersion>${API_VERSION}</apiVersion>\n  <status>Active</status>\n</${type}>\n`,
    )
  }
  files.set(`remoteSiteSettings/${names.siteName}.remoteSite`, remoteSite(target.url))
  if (stale.length > 0) files.set('destructiveChangesPost.xml', manifest({ ApexTrigger: stale }, null))
  return { zip: zipOf(files), files, tests: [names.testName] }
}

/** Takes all of it away again; `triggers` are those that are there. */
export function removalPackage(connectionId: string, triggers: readonly string[]): MetadataPackage {
  const { className, testName, siteName } = namesFor(connectionId)
  const files = new Map([
    ['package.xml', manifest({})],
    [
      'destructiveChanges.xml',
      manifest({ ApexClass: [className, testName], ApexTrigger: triggers, RemoteSiteSetting: [siteName] }, null),
    ],
  ])
  return { zip: zipOf(files), files, tests: [] }
}

function manifest(types: Record<string, readonly string[]>, version: string | null = API_VERSION): string {
  const parts = Object.entries(types).flatMap(([name, members]) => {
    const lines = members.toSorted().map((member) => `    <members>${member}</members>\n`)
    return lines.length > 0 ? [`  <types>\n${lines.join('')}    <name>${name}</name>\n  </types>\n`] : []
  })
  const end = version === null ? '' : `  <version>${version}</version>\n`
  return `${HEAD}<Package xmlns="${NAMESPACE}">\n${parts.join('')}${end}</Package>\n`
}

/** Callouts go to addresses that are registered. */
function remoteSite(url: string): string {
  const { origin } = new URL(url)
  const lines = [
    '<description>Changes of records are told to Jackfield here.</description>',
    // Only for a hub that is reached without encryption, on a closed network.
    `<disableProtocolSecurity>${origin.startsWith('http:')}</disableProtocolSecurity>`,
    '<isActive>true</isActive>',
    `<url>${escaped(origin)}</url>`,
  ]
  return `${HEAD}<RemoteSiteSetting xmlns="${NAMESPACE}">\n${lines.map((line) => `  ${line}\n`).join('')}</RemoteSiteSetting>\n`
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
