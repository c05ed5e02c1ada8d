import { type Draft, idOf, oneOf, seconds } from './draft.ts'
import type { Agent, Step } from './event.ts'
import { wrapUpOf } from './voice.ts'
import { intents, said, skills, subjects } from './words.ts'

/** A chat, text message or e-mail: its transcript grows, it may go to another, and in the end it is unassigned and dismissed. */
export function planDigital(draft: Draft): Step[] {
  const { random } = draft
  const steps: Step[] = [offered(draft)]
  let by = draft.agent
  let at = seconds(random, 2, 40)
  steps.push({ after: at, type: 'accepted', agent: by, data: { status: 'Open' } })
  const turns = draft.channelType === 'email' ? 1 : 2 + Math.floor(random() * (said.length - 2))
  for (let turn = 1; turn <= turns; turn += 1) {
    at += seconds(random, 10, 90)
    steps.push({ after: at, type: 'updated', data: { transcript: transcriptOf(turn) } })
    const to = draft.others.filter(({ id }) => id !== by.id)
    if (turn !== 1 || to.length === 0 || random() >= 0.12) continue
    by = oneOf(to, random)
    at += seconds(random, 5, 60)
    steps.push({ after: at, type: 'transferred', agent: by, data: { status: 'Pending' } })
    at += seconds(random, 3, 30)
    steps.push({ after: at, type: 'accepted', agent: by, data: { status: 'Open' } })
  }
  return finish(draft, steps, { at, by })
}

const transcriptOf = (turns: number) =>
  said
    .slice(0, turns)
    .map(([contact, agent]) => `Contact: ${contact}\nAgent: ${agent}`)
    .join('\n')

function offered({ caller, agent, channelType, direction, random, seed, index }: Draft): Step {
  const isMail = channelType === 'email'
  const theirs = isMail ? (caller.email ?? `contact${index}@mail.example`) : caller.number
  const ours = isMail ? 'support@company.example' : channelType === 'sms' ? '+3225550199' : 'web'
  const [from, to] = direction === 'inbound' ? [theirs, ours] : [ours, theirs]
  const skill = oneOf(skills, random)
  return {
    after: 0,
    type: 'offered',
    agent,
    data: {
      contactId: idOf(seed, index),
      ...{ channelType, direction, mediaType: channelType, contactType: 'Digital', status: 'New', from, to },
      channelName: `${channelType}-main`,
      ...{ skillId: String(5000 + skills.indexOf(skill)), skillName: skill },
      ...(caller.name === undefined ? {} : { customerName: caller.name }),
      ...(isMail ? { subject: oneOf(subjects, random) } : {}),
    },
    scriptVariables: { CallerIntent: oneOf(intents, random), Page: `/products/${1 + (index % 40)}` },
  }
}

function finish({ random, seed, index, channelType }: Draft, steps: Step[], { at, by }: { at: number; by: Agent }) {
  let end = at
  if (channelType === 'chat' && random() < 0.5) {
    end += seconds(random, 5, 60)
    steps.push({ after: end, type: 'contact_left', data: { status: 'ContactLeft' } })
  }
  end += seconds(random, 5, 60)
  const attachments = random() < 0.15 ? { attachments: [`https://files.example.com/${idOf(seed, index)}.pdf`] } : {}
  steps.push({ after: end, type: 'unassigned', agent: by, data: { ...wrapUpOf(random), ...attachments } })
  steps.push({ after: end + seconds(random, 1, 10), type: 'dismissed', agent: by, data: { status: 'Closed' } })
  return steps
}
