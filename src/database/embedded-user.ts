import { readFile, stat } from 'node:fs/promises'
import { HubError } from '#core/errors.ts'

/** Who Postgres runs as. Without ids it runs as this process does. */
export interface RunUser {
  uid?: number
  gid?: number
}

/** What spawn() is given so that the child runs as `user`, free of the caller's PG* variables and working directory. */
export function spawnAs(user: RunUser) {
  return {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(user.uid === undefined ? {} : { uid: user.uid, gid: user.gid ?? user.uid }),
  }
}

/**
 * Postgres refuses to run as root, so root hands it to the owner of the cluster that is there, or to `nobody`. Anyone
 * else runs it as themselves, and only on a cluster of their own.
 */
export async function findRunUser(clusterFolder: string): Promise<RunUser> {
  const own = process.getuid?.()
  const owner = await stat(clusterFolder).catch(() => undefined)
  if (own !== 0) {
    if (owner && own !== undefined && owner.uid !== own) throw notOurs(clusterFolder, owner.uid, own)
    return {}
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const nobody = await findNobody()
  if (owner) throw notOurs(clusterFolder, 0, nobody.uid)
  return nobody
}

function notOurs(folder: string, owner: number, runner: number): HubError {
  return new HubError(
    'database.folder_unusable',
    `The database in ${folder} belongs to user id ${owner}, but Postgres would run as user id ${runner}`,
    { mend: `Start the hub as the folder's owner, or give the folder back: chown -R ${runner} ${folder}` },
  )
}

async function findNobody(): Promise<{ uid: number; gid: number }> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const [, , uid, gid] = (/^nobody:.*$/m.exec(passwd)?.[0] ?? '').split(':')
  if (!uid || !gid) {
    throw new HubError('database.not_started', 'Postgres may not run as root, and this machine has no user nobody', {
      mend: 'Start the hub as an ordinary user, add a user nobody, or set DATABASE_URL',
    })
  }
  // macOS writes -2.
  return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }
}
