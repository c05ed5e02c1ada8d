import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unzipBytes } from '../../simulators/salesforce/zip.ts'
import { serveHub } from './served-hub.ts'

const publicUrl = 'https://hub.company.example'

/** Size, and whether there is an alpha channel, as a PNG says itself. */
function pictureOf(png: Buffer) {
  assert.equal(png.toString('latin1', 1, 4), 'PNG')
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), alpha: png[25] === 6 }
}

test('The package for Microsoft Teams', { timeout: 240_000 }, async (t) => {
  const hub = await serveHub(t, { environment: { JACKFIELD_PUBLIC_URL: publicUrl } })
  const read = async () => {
    const reply = await fetch(`${hub.url}/api/v1/desktop/teams-app`, {
      headers: { authorization: `Bearer ${await hub.newKey('edit:integrations')}` },
    })
    assert.deepEqual([reply.status, reply.headers.get('content-type')], [200, 'application/zip'])
    return unzipBytes(Buffer.from(await reply.arrayBuffer()))!
  }
  const files = await read()
  assert.deepEqual([...files.keys()], ['manifest.json', 'color.png', 'outline.png'])
  assert.deepEqual(pictureOf(files.get('color.png')!), { width: 192, height: 192, alpha: true })
  assert.deepEqual(pictureOf(files.get('outline.png')!), { width: 32, height: 32, alpha: true })

  const manifest = JSON.parse(files.get('manifest.json')!.toString('utf8'))
  await t.test('is as the schema of manifests 1.23 asks', () => {
    // Of https://developer.microsoft.com/json-schemas/teams/v1.23/MicrosoftTeams.schema.json: no other members, these
    // required, these lengths.
    assert.deepEqual(Object.keys(manifest).sort(), [
      ...['$schema', 'accentColor', 'description', 'developer', 'icons', 'id', 'manifestVersion', 'name', 'staticTabs'],
      ...['validDomains', 'version'],
    ])
    assert.equal(manifest.manifestVersion, '1.23')
    assert.match(manifest.$schema, /\/v1\.23\/MicrosoftTeams\.schema\.json$/)
    assert.match(manifest.id, /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/)
    assert.match(manifest.version, /^\d+\.\d+\.\d+$/)
    assert.match(manifest.accentColor, /^#[0-9a-fA-F]{6}$/)
    assert.ok(manifest.name.short.length <= 30 && manifest.name.full.length <= 100)
    assert.ok(manifest.description.short.length <= 80 && manifest.description.full.length <= 4000)
    assert.ok(manifest.developer.name.length <= 32)
    for (const name of ['websiteUrl', 'privacyUrl', 'termsOfUseUrl'])
      assert.match(manifest.developer[name], /^https:\/\//)
    assert.deepEqual(manifest.icons, { color: 'color.png', outline: 'outline.png' })
  })
  await t.test('shows the panel of this hub, in no scope but the person’s own', () => {
    assert.deepEqual(manifest.staticTabs, [
      {
        ...{ entityId: 'desktop', name: 'Desktop', scopes: ['personal'] },
        ...{ contentUrl: `${publicUrl}/desktop/panel`, websiteUrl: `${publicUrl}/desktop` },
      },
    ])
    assert.deepEqual(manifest.validDomains, ['hub.company.example'])
  })
  await t.test('is the same app each time, also where settings are changed', async () => {
    const json = { frameOrigins: [], teams: true, version: 0 }
    assert.equal((await hub.ask('/api/v1/desktop/settings', { method: 'PUT', json })).status, 200)
    const again = JSON.parse((await read()).get('manifest.json')!.toString('utf8'))
    assert.equal(again.id, manifest.id)
    assert.equal((await hub.ask('/api/v1/desktop/settings')).json.teams, true)
  })
})

test('Without an https address there is no app: Teams would show nothing', { timeout: 240_000 }, async (t) => {
  const hub = await serveHub(t)
  const { status, json } = await hub.ask('/api/v1/desktop/teams-app')
  assert.deepEqual([status, json.error.code], [400, 'configuration.invalid'])
})
