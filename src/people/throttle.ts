import ipaddr from 'ipaddr.js'
import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import { digest } from './token.ts'

/** Attempts that are counted together: so many within a time, then all wait until it ends. */
export interface Lane {
  name: string
  most: number
  minutes: number
}

/**
 * How many may fail. A browser in which the person has signed in before has a lane of its own, so that strangers can fill
 * theirs as they like: its owner still comes in (OWASP, “Slow Down Online Guessing Attacks with Device Cookies”).
 */
const limits = {
  device: { most: 10, minutes: 15 },
  near: { most: 10, minutes: 15 },
  /** NIST SP 800-63B-4 §3.2.2 has 100 as the most that may fail in a row. */
  anywhere: { most: 100, minutes: 60 },
  /** One password tried on many accounts. An office of many people has one address. */
  block: { most: 300, minutes: 60 },
  code: { most: 20, minutes: 60 },
} as const

export interface Attempt {
  /** Who is meant: a person's id, or the address that nobody has. */
  who: string
  address: string
  /** The token of a browser that this person has used, when it showed one. */
  device: string | null
}

export function passwordLanes({ who, address, device }: Attempt): Lane[] {
  if (device !== null) return [{ name: `device ${device}`, ...limits.device }]
  const block = addressBlock(address)
  return [
    { name: `near ${who} ${block}`, ...limits.near },
    { name: `anywhere ${who}`, ...limits.anywhere },
    { name: `block ${block}`, ...limits.block },
  ]
}

/** Six digits are few: those who know the password get no more than these tries. */
export function codeLanes({ who, device }: Attempt): Lane[] {
  if (device !== null) return [{ name: `code device ${device}`, ...limits.code }]
  return [{ name: `code ${who}`, ...limits.code }]
}

const v4Bits = 24
/** What a provider gives one customer at least (RFC 6177). */
const v6Bits = 56

/** Those who share it are taken for one: an attacker has as many single addresses as they like. */
export function addressBlock(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  const kept = parsed.kind() === 'ipv4' ? v4Bits : v6Bits
  const bytes = parsed.toByteArray().map((byte, i) => byte & (0xff << Math.max(0, Math.min(8, 8 * (i + 1) - kept))))
  return `${ipaddr.fromByteArray(bytes).toString()}/${kept}`
}

const COUNT = `insert into jackfield.sign_in_count as c (lane, count, ends_at)
  select lane, 1, now() + make_interval(mins => minutes)
    from unnest($1::bytea[], $2::int[]) as given(lane, minutes) order by lane
  on conflict (lane) do update set
    count = case when c.ends_at < now() then 1 else c.count + 1 end,
    ends_at = case when c.ends_at < now() then excluded.ends_at else c.ends_at end
  returning lane, count, ends_at as "endsAt"`

/**
 * Counts an attempt before it is made, so that many at once cannot get past the limit together. Throws auth.throttled
 * when there were too many; the password is then not even looked at.
 */
export async function countAttempt(db: Queryable, lanes: readonly Lane[]): Promise<void> {
  const byDigest = new Map(lanes.map((lane) => [digest(lane.name).toString('hex'), lane]))
  const { rows } = await db.query<{ lane: Buffer; count: number; endsAt: Date }>(COUNT, [
    lanes.map(({ name }) => digest(name)),
    lanes.map(({ minutes }) => minutes),
  ])
  const full = rows.filter(({ lane, count }) => count > byDigest.get(lane.toString('hex'))!.most)
  if (full.length === 0) return
  throw new HubError('auth.throttled', 'Too many attempts to sign in have failed', {
    retryAt: Math.max(...full.map(({ endsAt }) => endsAt.getTime())),
    mend: 'Wait until then, use a browser in which you signed in before or a passkey, or ask for a one-time link.',
  })
}

/**
 * After a success. What only this person can fill is empty again; of what others fill too only this attempt is taken
 * back, else whoever has one account could wipe out what they tried on the others. One row a statement: several in one
 * could wait for each other.
 */
export async function forgetAttempt(db: Queryable, lanes: readonly Lane[]): Promise<void> {
  for (const { name } of lanes) {
    const isShared = /^(anywhere|block) /.test(name)
    await db.query(isShared ? BACK : 'delete from jackfield.sign_in_count where lane = $1', [digest(name)])
  }
  await db.query(SWEEP)
}

/** An attempt that was not made: nobody had the time to look at the password. */
export async function takeBackAttempt(db: Queryable, lanes: readonly Lane[]): Promise<void> {
  for (const { name } of lanes) await db.query(BACK, [digest(name)])
}

const BACK = 'update jackfield.sign_in_count set count = greatest(0, count - 1) where lane = $1'
const SWEEP = `delete from jackfield.sign_in_count where lane in (
  select lane from jackfield.sign_in_count where ends_at < now() - interval '1 day' limit 1000 for update skip locked)`
