import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'
import { type ServedHub, serveHub, until } from '../server/served-hub.ts'
import { buildConsole } from './console.ts'

const load = async (hub: ServedHub, file: string) => {
  const reply = await hub.ask(`/client/jackfield-desktop.${file}`, {
    key: null,
    headers: { origin: 'https://a.example' },
  })
  assert.equal(reply.status, 200)
  assert.equal(reply.headers.get('access-control-allow-origin'), '*')
  return reply.text
}

test('The client for softphones, as the hub serves it', { timeout: 180_000 }, async (t) => {
  await buildConsole()
  const hub = await serveHub(t)

  await t.test('has types that a program of somebody else checks by', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'client-'))
    t.after(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'jackfield-desktop.d.ts'), await load(hub, 'd.ts'))
    const use = `import { connectDesktop, embedDesktop, DesktopError } from './jackfield-desktop.js'
      const desk = embedDesktop(document.body, { hub: 'https://x.example', onDial: ({ number }) => console.log(number) })
      desk.tell({ interaction: '1', id: '1', type: 'offered' }).catch((e: DesktopError) => console.log(e.code))
      connectDesktop({ hub: 'https://x.example', onCard: (card) => console.log(card.interaction.state) }).close()
      // @ts-expect-error no such event
      desk.tell({ interaction: '1', id: '1', type: 'exploded' })`
    writeFileSync(join(folder, 'use.ts'), use)
    const program = ts.createProgram([join(folder, 'use.ts')], {
      ...{ strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, types: [] },
      ...{ moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] },
    })
    const found = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)
    assert.deepEqual(found, [])
  })

  await t.test('follows the desktop from a program', async () => {
    const source = await load(hub, 'js')
    assert.doesNotMatch(source, /^import /m)
    const { connectDesktop } = await import(`data:text/javascript,${encodeURIComponent(source)}`)
    const token = await hub.newKey('use:desktop', 'read:interactions', 'send:interactions', 'read:records')
    const cards = new Map<string, string>()
    const lines: boolean[] = []
    const desk = connectDesktop({
      ...{ hub: hub.url, token },
      onCard: ({ interaction }: { interaction: { externalId: string; state: string } }) =>
        cards.set(interaction.externalId, interaction.state),
      onLine: (isOpen: boolean) => lines.push(isOpen),
    })
    t.after(() => desk.close())
    const tell = (interaction: string, type: string) =>
      desk.tell([
        { source: 'acd', interaction, id: type, type, at: new Date().toISOString(), data: { ani: '+3225550100' } },
      ])
    await until('the line stands', () => lines.length > 0)
    assert.equal((await tell('1', 'offered')).taken[0].outcome, 'kept')
    await until('it rings', () => cards.get('1') === 'offered')
    await tell('1', 'accepted')
    await until('it is taken', () => cards.get('1') === 'active')
    await assert.rejects(desk.tell([]), { name: 'DesktopError', code: 'input.invalid' })
    assert.deepEqual(lines, [true])
  })
})
