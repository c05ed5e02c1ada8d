import { Call16Regular } from '@fluentui/react-icons/svg/call'
import { Chat16Regular } from '@fluentui/react-icons/svg/chat'
import { Mail16Regular } from '@fluentui/react-icons/svg/mail'
import type { Card } from '../../api/desktop.ts'
import { Tag } from '../../parts/badge.tsx'
import { type Health, HealthDot } from '../../parts/health.tsx'
import { useNames } from '../../parts/names.ts'
import type { Text } from '../../text/en.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { Figure } from './card-figure.tsx'
import { Clock } from './clock.tsx'
import { numberText } from './number-text.ts'
import { Reasons, ReasonsNone } from './reasons.tsx'
import { idOfCard } from './use-act.ts'
import { recordOf, useDial } from './use-softphone.ts'
import { channelWord, whoOf } from './who.ts'

type State = Card['interaction']['state']

const healthOf: Record<State, Health> = {
  offered: 'busy',
  active: 'ok',
  held: 'idle',
  unassigned: 'none',
  wrap_up: 'warn',
  closed: 'none',
}

export function stateWord({ state, channel }: Card['interaction'], t: Text): string {
  if (channel === 'digital' && state === 'offered') return t.desk.states.offeredDigital
  if (channel === 'digital' && state === 'active') return t.desk.states.activeDigital
  return t.desk.states[state]
}

export function StateWord({ interaction }: { interaction: Card['interaction'] }) {
  const { t } = useText()
  return (
    <span className={styles.state}>
      <HealthDot health={healthOf[interaction.state]} />
      {stateWord(interaction, t)}
    </span>
  )
}

/** Since when it is as it is. */
const since = ({ state, offeredAt, acceptedAt, endedAt, closedAt }: Card['interaction']) =>
  ({
    offered: offeredAt,
    active: acceptedAt ?? offeredAt,
    held: acceptedAt ?? offeredAt,
    unassigned: endedAt ?? acceptedAt ?? offeredAt,
    wrap_up: endedAt ?? offeredAt,
    closed: closedAt,
  })[state]

/** Pressed, it has the softphone around the panel call. */
function CallableNumber({ card, shown }: { card: Card; shown: string | null }) {
  const { t } = useText()
  const dial = useDial()
  const { address, channel, state } = card.interaction
  // Nobody calls back what is ringing.
  const number = channel === 'voice' && state !== 'offered' ? address : null
  if (!dial || !number || !/\d{3}/.test(number)) return <p className={styles.number}>{shown}</p>
  return (
    <p className={styles.number}>
      <button type="button" className={styles.dial} onClick={() => dial({ number, record: recordOf(card) })}>
        <Call16Regular aria-hidden="true" />
        {t.frames.call(shown ?? numberText(number))}
      </button>
    </p>
  )
}

/** Who and since when; read in a second at arm's length. `figure` is the key that goes here. */
export function CardHead({ card, figure }: { card: Card; figure: number | null }) {
  const { t } = useText()
  const names = useNames()
  const { interaction } = card
  const { name, number, record } = whoOf(card, t)
  const skill = interaction.skill ?? channelWord(interaction.channelType, t)
  const shown = number ?? t.desk.withheld
  return (
    <header className={styles.head} data-state={interaction.state}>
      <div className={styles.line}>
        <StateWord interaction={interaction} />
        <span className={styles.clock} role="timer">
          {interaction.state === 'closed' ? null : <Clock from={since(interaction)} />}
        </span>
        <span className={styles.skill}>
          <ChannelIcon interaction={interaction} />
          <span className={styles.skillName} title={skill}>
            {skill}
          </span>
        </span>
        <Figure figure={figure} />
      </div>
      <h2
        className={styles.name}
        data-plain={!record && !interaction.contactName}
        id={idOfCard(interaction.id)}
        tabIndex={-1}
      >
        {name}
      </h2>
      {record ? (
        <p className={styles.of}>{[record.of?.name, names.one(record.entity)].filter(Boolean).join(' · ')}</p>
      ) : // Nobody was looked for by a number that is not told.
      number === null ? null : (
        <p className={styles.of}>{t.desk.unknown}</p>
      )}
      <CallableNumber card={card} shown={shown === name ? null : shown} />
      <Why card={card} />
      {interaction.state === 'wrap_up' && interaction.wrapUpUntil ? (
        <p className={styles.why}>
          {interaction.contactLeft ? `${t.desk.left} · ` : ''}
          {t.desk.closesIn} <Clock until={interaction.wrapUpUntil} />
        </p>
      ) : interaction.contactLeft ? (
        <p className={styles.why}>{t.desk.left}</p>
      ) : null}
    </header>
  )
}

function Why({ card }: { card: Card }) {
  const { t } = useText()
  const [record] = card.records
  const { state, address } = card.interaction
  // Nobody is looked for at what is over.
  if (!record && state === 'closed' && address === null) return null
  if (!record) {
    return <p className={styles.why}>{address === null ? t.desk.unknownText : <ReasonsNone found={card} />}</p>
  }
  const match = card.matches.find(({ id }) => id === record.id)
  if (!match && record.linked) return null
  return (
    <p className={styles.why}>
      {record.linked ? null : <Tag tone="warn">{t.desk.notLinked}</Tag>} {match ? <Reasons match={match} /> : null}
    </p>
  )
}

function ChannelIcon({ interaction }: { interaction: Card['interaction'] }) {
  const { t } = useText()
  const Icon =
    interaction.channel === 'voice'
      ? Call16Regular
      : /mail/i.test(interaction.channelType)
        ? Mail16Regular
        : Chat16Regular
  const words = [channelWord(interaction.channelType, t), t.desk[interaction.direction]].join(', ')
  return (
    <span className={styles.channel} title={words}>
      <Icon aria-label={words} />
    </span>
  )
}
