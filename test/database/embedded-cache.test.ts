import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ownFolder } from '#database/embedded-cache.ts'

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'jackfield-cache-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('Programs are run only from a folder that nobody else can write to', async (t) => {
  const folder = await temporaryFolder(t)
  await ownFolder(join(folder, 'new'))
  assert.equal((await stat(join(folder, 'new'))).mode & 0o777, 0o755)
  await ownFolder(join(folder, 'new'))

  await mkdir(join(folder, 'open'))
  await chmod(join(folder, 'open'), 0o777)
  await assert.rejects(ownFolder(join(folder, 'open')), /someone else/)
  await assert.rejects(ownFolder(join(folder, 'open/below')), /someone else/)

  await symlink(join(folder, 'new'), join(folder, 'link'))
  await assert.rejects(ownFolder(join(folder, 'link')), /someone else/)
})
