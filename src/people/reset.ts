import type { Pool } from '#database/pool.ts'
import { dropWaysIn } from './account.ts'
import { forgetDevices } from './known-device.ts'
import { changeRights, endSessionsOf } from './person.ts'
import type { Principal } from './principal.ts'
import { dropRecoveryCodes } from './recovery-code.ts'
import { createHandedLink } from './sign-in-link.ts'
import { removeTotp } from './totp.ts'

/**
 * For somebody who has lost their ways in: password, app, passkeys and codes are over, all sessions end, and a link that
 * signs in once is answered, to be handed to them.
 */
export async function resetPerson(
  pool: Pool,
  actor: Principal,
  id: string,
): Promise<{ token: string; expiresAt: Date }> {
  let link: { token: string; expiresAt: Date } | undefined
  await changeRights(pool, actor, id, async (tx) => {
    await tx.query(
      'update jackfield.person set password = null, password_alone = false, password_at = null where id = $1',
      [id],
    )
    await removeTotp(tx, id)
    await tx.query('delete from jackfield.passkey where person_id = $1', [id])
    await dropRecoveryCodes(tx, id)
    // One that made the account is its owner's; one that was linked from a session may be a thief's.
    await tx.query(`delete from jackfield.external_identity where person_id = $1 and origin = 'linked'`, [id])
    await forgetDevices(tx, id)
    await dropWaysIn(tx, id)
    await endSessionsOf(tx, id)
    link = await createHandedLink(tx, id)
  })
  return link!
}
