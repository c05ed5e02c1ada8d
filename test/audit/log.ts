import { type Acts, createActs } from '#audit/append.ts'
import { type SealerParts, sealBlock } from '#audit/seal.ts'
import { inTransaction, type Pool } from '#database/pool.ts'
import { underLease, type Worker, withLease } from '#jobs/lease.ts'
import { createKeyring, toMasterKey } from '#secrets/keyring.ts'

export const actsWith = (hexKey: string): Acts => createActs(createKeyring([toMasterKey(Buffer.from(hexKey, 'hex'))]))

/** As the work's wiring has it. */
export const leadership =
  (pool: Pool, worker: Worker): SealerParts['lead'] =>
  (work) =>
    withLease(pool, 'audit-log', worker, (lease) =>
      work({ signal: lease.signal, commit: (within) => underLease(pool, lease, within) }),
    )

/** Waits for nobody: transactions of other databases hold nothing back. */
export const sealNow = (pool: Pool, acts: Acts): Promise<number> =>
  inTransaction(pool, (tx) => sealBlock(tx, acts.keys))

export async function write(pool: Pool, acts: Acts, count: number, subject = 'x'): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i += 1) {
    const act = { actor: { kind: 'key', id: 'k1' }, act: 'key.create', outcome: 'done' } as const
    const personal = { 'person:p1': { name: `Name ${i}` } }
    ids.push(
      await acts.append(pool, { ...act, subject: { kind: 'key', id: `${subject}${i}` }, details: { i }, personal }),
    )
  }
  return ids
}
