import { type Draft, idOf, oneOf, seconds } from './draft.ts'
import type { Agent, Step } from './event.ts'
import { dispositions, intents, languages, notes, skills, tags } from './words.ts'

/** A call or a video call: it rings, is missed or answered, may be held or handed on, and is wrapped up. */
export function planVoice(draft: Draft): Step[] {
  const { random, agent } = draft
  const steps: Step[] = [offered(draft)]
  const rang = seconds(random, 4, 20)
  const fate = draft.index === 0 ? 1 : random()
  if (fate < 0.08) return [...steps, missed(rang)]
  const answered = fate < 0.13 ? notAnswered(draft, steps, rang) : agent
  const begun = steps.at(-1)!.after + rang
  steps.push({ after: begun, type: 'accepted', agent: answered, data: { status: 'Active' } })
  const { at, by } = talk(draft, steps, { at: begun, by: answered })
  finish(draft, steps, { begun, at, by })
  return steps
}

function offered(draft: Draft): Step {
  const { caller, agent, channelType, direction, random, seed, index } = draft
  const own = '+3225550100'
  const numbers = direction === 'inbound' ? { ani: caller.number, dnis: own } : { ani: own, dnis: caller.number }
  const skill = oneOf(skills, random)
  return {
    after: 0,
    type: 'offered',
    agent,
    data: {
      contactId: idOf(seed, index),
      masterContactId: idOf(seed, index),
      ...{ channelType, direction, mediaType: channelType === 'video' ? 'Video' : 'PhoneCall', contactType: 'Call' },
      skillId: String(4000 + skills.indexOf(skill)),
      ...{ skillName: skill, status: 'Incoming', ...numbers },
    },
    // Scripts write names as they like.
    scriptVariables: {
      CallerIntent: oneOf(intents, random),
      language: oneOf(languages, random),
      QueueSeconds: String(Math.round(random() * 240)),
    },
  }
}

/** Whoever calls hangs up before anybody answers. */
function missed(rang: number): Step {
  return {
    after: rang,
    type: 'contact_left',
    data: { status: 'Disconnected', finalState: 'Abandoned', callDurationInSeconds: 0 },
  }
}

/** Whoever it rang at was away: it rings at another's, or once more. */
function notAnswered({ agent, others, random }: Draft, steps: Step[], rang: number): Agent {
  const next = others.length > 0 ? oneOf(others, random) : agent
  steps.push({ after: rang, type: 'unassigned', agent, data: { status: 'Refused' } })
  steps.push({ after: rang + seconds(random, 0.5, 3), type: 'offered', agent: next, data: { status: 'Incoming' } })
  return next
}

type Moment = { at: number; by: Agent }

function talk(draft: Draft, steps: Step[], from: Moment): Moment {
  const { random, others } = draft
  let { at, by } = from
  for (let times = random() < 0.25 ? 1 + Math.floor(random() * 2) : 0; times > 0; times -= 1) {
    at += seconds(random, 10, 120)
    steps.push({ after: at, type: 'held', agent: by, data: { status: 'Holding' } })
    at += seconds(random, 5, 60)
    steps.push({ after: at, type: 'resumed', agent: by, data: { status: 'Active' } })
  }
  const to = others.filter(({ id }) => id !== by.id)
  if (to.length > 0 && random() < 0.1) {
    by = oneOf(to, random)
    at += seconds(random, 10, 90)
    steps.push({ after: at, type: 'transferred', agent: by, data: { status: 'Transferring' } })
    at += seconds(random, 2, 12)
    steps.push({ after: at, type: 'accepted', agent: by, data: { status: 'Active' } })
  }
  return { at: at + seconds(random, 15, 420), by }
}

function finish(draft: Draft, steps: Step[], { begun, at, by }: Moment & { begun: number }): void {
  const { random, seed, index } = draft
  const contactLeft = random() < 0.4
  if (contactLeft) steps.push({ after: at, type: 'contact_left', agent: by, data: { status: 'Disconnected' } })
  const ended = at + (contactLeft ? seconds(random, 0.2, 2) : 0)
  const recordingUrl = `https://recordings.example.com/${idOf(seed, index)}`
  const data = { status: 'Disconnected', callDurationInSeconds: Math.round((at - begun) / 1000), recordingUrl }
  steps.push({ after: ended, type: 'ended', agent: by, data })
  // Somebody goes home without closing it.
  if (random() < 0.02) return
  const wrapped = ended + seconds(random, 4, 90)
  steps.push({ after: wrapped, type: 'wrap_up_closed', agent: by, data: wrapUpOf(random) })
  if (random() >= 0.3) return
  const transcript = `Agent: Good morning.\nContact: ${oneOf(notes, random)}\nAgent: ${oneOf(notes, random)}`
  steps.push({ after: wrapped + seconds(random, 5, 120), type: 'updated', data: { transcript } })
}

export function wrapUpOf(random: () => number) {
  const dispositionName = oneOf(dispositions, random)
  const chosen = tags.filter(() => random() < 0.2)
  return {
    ...{ status: 'Completed', finalState: 'Completed', dispositionName },
    ...(random() < 0.8 ? { dispositionNotes: oneOf(notes, random) } : {}),
    ...(chosen.length > 0 ? { tags: chosen } : {}),
  }
}
