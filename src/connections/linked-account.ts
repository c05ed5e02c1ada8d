import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import type { Problem } from './connection.ts'
import { notLinked } from './token-store.ts'

/** A connection by which a person may write as themselves, and the account there that they linked, if any. */
export interface LinkableConnection {
  connectionId: string
  name: string
  crm: string
  url: string
  /** What people write goes out by their own accounts. */
  writesAsPerson: boolean
  account: { crmUser: string; problem: Pick<Problem, 'code' | 'message' | 'mend'> | null; linkedAt: Date } | null
}

/** By name; those that neither let people write as themselves nor have an account of this person are left out. */
export async function listLinkable(db: Queryable, personId: string): Promise<LinkableConnection[]> {
  const { rows } = await db.query<LinkableConnection>({
    name: 'linked-accounts',
    text: `select c.id as "connectionId", c.name, c.crm, c.url, ${WRITES_AS_PERSON} as "writesAsPerson",
        case when a.id is not null then jsonb_build_object('crmUser', a.crm_user, 'problem', a.problem) end as account,
        a.created_at as "linkedAt"
      from jackfield.connection c
        left join jackfield.authentication a on a.connection_id = c.id and a.person_id = $1
      where c.state <> 'removed' and (a.id is not null or ${WRITES_AS_PERSON}) order by c.name, c.id`,
    values: [personId],
  })
  return (rows as (LinkableConnection & { linkedAt: Date })[]).map(({ linkedAt, account, ...row }) => ({
    ...row,
    account: account && { ...account, linkedAt },
  }))
}

const WRITES_AS_PERSON = `coalesce((c.settings->>'writesAsPerson')::boolean, false)`

/** Throws linked_account.needed where there is none, or one that the CRM takes no more. */
export async function findLinkedAccountId(db: Queryable, connectionId: string, personId: string): Promise<string> {
  const { rows } = await db.query<{ name: string; id: string | null; problem: Pick<Problem, 'code'> | null }>({
    name: 'linked-account-find',
    text: `select c.name, a.id, a.problem from jackfield.connection c
      left join jackfield.authentication a on a.connection_id = c.id and a.person_id = $2 where c.id = $1`,
    values: [connectionId, personId],
  })
  const { id = null, problem, name } = rows[0] ?? {}
  if (id !== null && problem?.code !== 'authentication.consent_over') return id
  throw notLinked(connectionId, name)
}

/** Its first row is the only one that stands: an account linked anew is another, so that no token of the older serves on. */
export async function insertLinkedAccount(
  tx: Transaction,
  { connectionId, personId, crmUser }: { connectionId: string; personId: string; crmUser: string },
): Promise<string> {
  await removeLinkedAccount(tx, connectionId, personId)
  const id = uuidv7()
  await tx.query(
    `insert into jackfield.authentication (id, name, kind, settings, person_id, connection_id, crm_user)
     values ($1, 'own account', 'person', '{}', $2, $3, $4)`,
    [id, personId, connectionId, crmUser],
  )
  return id
}

/** False where there was none. What was kept to be written by it then asks for it. */
export async function removeLinkedAccount(db: Queryable, connectionId: string, personId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'linked-account-remove',
    text: 'delete from jackfield.authentication where connection_id = $1 and person_id = $2',
    values: [connectionId, personId],
  })
  return rowCount === 1
}

// What only the person can mend, by signing in to the CRM again.
const theirs = new Set(['authentication.consent_over', 'authentication.rejected', 'authentication.consent_missing'])

/**
 * What is wrong with one person's account is not the connection's fault, and must not look like it: it would hold up what
 * others write. CRMs count calls by user, too.
 */
export function ownFault(error: unknown, connectionId: string): unknown {
  if (!(error instanceof HubError)) return error
  if (theirs.has(error.code)) return notLinked(connectionId)
  const { mend: _mend, ...detail } = error.detail
  if (error.code === 'crm.no_user') {
    return new HubError('write.refused', `The CRM refuses your own account: ${detail.vendorText || error.message}`, {
      ...detail,
      mend: 'Ask whoever runs the CRM to let you in there again, then try the write again.',
      cause: error,
    })
  }
  const isToken = error.code.startsWith('authentication.')
  if (error.code !== 'crm.throttled' && !isToken) return error
  return new HubError('linked_account.unusable', `Your own account of the CRM cannot be used now: ${error.message}`, {
    ...error.detail,
    connectionId,
    // A CRM that is overrun may have taken the write before it said so.
    ...(isToken ? { sent: false } : {}),
    cause: error,
  })
}
