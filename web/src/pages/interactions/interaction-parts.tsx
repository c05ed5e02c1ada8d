import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Card } from '../../api/desktop.ts'
import type { Interaction } from '../../api/interactions.ts'
import { useMay } from '../../api/session.ts'
import { Tag } from '../../parts/badge.tsx'
import link from '../../parts/link.module.css'
import { useNames } from '../../parts/names.ts'
import { Pair, Pairs, Section } from '../../parts/page.tsx'
import { Moment } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import { pageAddress } from '../desktop/who.ts'
import styles from './interaction.module.css'
import { numberOf } from './outcome.ts'

/** Whom it was about. */
export function Records({ interaction }: { interaction: Interaction }) {
  const { t } = useText()
  const names = useNames()
  const may = useMay('read:records')
  const { links } = interaction
  return (
    <Section title={t.nav.records}>
      {links.length === 0 ? <p className={styles.none}>{t.interactions.noRecord}</p> : null}
      <ul>
        {links.map(({ recordId, name, entity }) => (
          <li key={recordId} className={styles.record}>
            {may ? (
              <Link to={`/records/${recordId}`} className={link.inText}>
                {name ?? t.records.noName}
              </Link>
            ) : (
              (name ?? t.records.noName)
            )}{' '}
            <span className={styles.faint}>{names.one(entity)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

interface Noted {
  /** Null: whoever looks. */
  author: string | null
  savedAt: string | null
  notes: unknown
  /** Disposition and tags. */
  ends: unknown[]
}

/** What agents typed here, each their own, and what the contact centre told of it. */
export function Notes({ card: { interaction, note, otherNotes } }: { card: Card }) {
  const { t } = useText()
  const { data, source } = interaction
  const ends = [data.dispositionName, ...listed(data.tags)]
  const all: Noted[] = [
    { author: null, savedAt: null, notes: note.notes, ends: [note.disposition, ...note.tags] },
    ...otherNotes.map((other) => ({ ...other, ends: [] })),
    { author: source, savedAt: null, notes: data.dispositionNotes, ends },
  ]
  const told = all.filter((one) => one.notes || one.ends.some(Boolean))
  return (
    <Section title={t.interactions.notes}>
      {told.length === 0 ? <p className={styles.none}>{t.interactions.noNotes}</p> : null}
      {told.map((one) => (
        <Note key={String(one.author)} {...one} />
      ))}
    </Section>
  )
}

function Note({ author, savedAt, notes, ends }: Noted) {
  return (
    <div className={styles.note}>
      {author ? (
        <p className={styles.faint}>
          {author}
          {savedAt ? (
            <>
              {' · '}
              <Moment at={savedAt} />
            </>
          ) : null}
        </p>
      ) : null}
      {notes ? <p>{String(notes)}</p> : null}
      <p className={styles.tags}>
        {ends.filter(Boolean).map((end) => (
          <Tag key={String(end)}>{String(end)}</Tag>
        ))}
      </p>
    </div>
  )
}

/** Contact centres tell tags as a list, or as a text with commas. */
function listed(tags: unknown): unknown[] {
  if (Array.isArray(tags)) return tags
  return typeof tags === 'string' ? tags.split(',').map((tag) => tag.trim()) : []
}

/** How it went: who had it, and when what happened. */
export function Course({ interaction }: { interaction: Interaction }) {
  const { t } = useText()
  const words = t.interactions
  const { address, agents, skill, source, externalId } = interaction
  const moments = [
    [words.at, interaction.offeredAt],
    [words.accepted, interaction.acceptedAt],
    [words.ended, interaction.endedAt],
    [words.closed, interaction.closedAt],
  ] as const
  return (
    <Section title={words.course}>
      <Pairs>
        <Pair name={words.number}>{numberOf(address, t)}</Pair>
        {skill ? <Pair name={words.skill}>{skill}</Pair> : null}
        {agents.length > 0 ? (
          <Pair name={words.agent}>{agents.map(({ name, id }) => name ?? id).join(', ')}</Pair>
        ) : null}
        {moments.map(([name, at]) =>
          at ? (
            <Pair key={name} name={name}>
              <Moment at={at} />
            </Pair>
          ) : null,
        )}
        <Pair name={words.source}>
          {source} · {externalId}
        </Pair>
      </Pairs>
    </Section>
  )
}

/** What of it was kept beside that: the script's answers, the transcript, the recording. */
export function FromTheConversation({ interaction }: { interaction: Interaction }) {
  const { t } = useText()
  const words = t.interactions
  const { data, scriptVariables } = interaction
  const recording = typeof data.recordingUrl === 'string' ? pageAddress(data.recordingUrl) : null
  const transcript = typeof data.transcript === 'string' ? data.transcript : ''
  const pairs: [string, ReactNode][] = Object.entries(scriptVariables).map(([name, value]) => [
    name,
    value.slice(0, SHOWN_LETTERS),
  ])
  if (recording) {
    pairs.push([
      words.recording,
      <a key="recording" href={recording} target="_blank" rel="noopener noreferrer" className={link.inText}>
        {words.listen}
      </a>,
    ])
  }
  if (transcript) pairs.push([words.transcript, transcript.slice(0, SHOWN_LETTERS)])
  if (pairs.length === 0) return null
  return (
    <Section title={t.desk.fromCall}>
      <Pairs>
        {pairs.map(([name, value]) => (
          <Pair key={name} name={name}>
            <span className={styles.said}>{value}</span>
          </Pair>
        ))}
      </Pairs>
    </Section>
  )
}

/** A transcript may hold half a million letters. */
const SHOWN_LETTERS = 5_000
