import { type Command, Option } from 'commander'
import type { InvitationList, NewInvitation } from '../server/contract/invitations.ts'
import type { Person, PersonList } from '../server/contract/people.ts'
import type { Api } from './api.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { usage } from './failure.ts'
import type { AccessOptions, Machine } from './hub-access.ts'
import { ago, columns } from './output.ts'
import { rolesNamed } from './role.ts'

type Common = JsonOption & AccessOptions

export function peopleCommand(program: Command, shell: Shell): void {
  const people = program.command('people').description('who may sign in to the console')

  talksToHub(people.command('list').description('all people, and who is invited')).action((options: Common) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const listed = await api.get<PersonList>('/people')
      const { invitations } = await api.get<InvitationList>('/invitations')
      output.result({ people: listed.people, invitations })
      const invited = invitations.map(({ name, email, roles }) => [name, email, roles.join(' '), 'invited', ''])
      for (const line of columns([...listed.people.map(row), ...invited])) output.line(line)
      return undefined
    }),
  )

  inviteCommand(people, shell)
  stateCommand(people, shell, 'suspend')
  stateCommand(people, shell, 'activate')
}

const row = ({ name, email, roles, state, signedInAt }: Person) => [
  ...[name, email ?? '-', roles.join(' '), state],
  `signed in ${ago(signedInAt)}`,
]

interface InviteOptions extends Common {
  email: string
  name?: string
  role: string[]
  provider?: string
  origin?: string
}

function inviteCommand(people: Command, shell: Shell): void {
  const command = people
    .command('invite')
    .description('make an invitation; its link is shown once, and is yours to hand over')
    .requiredOption('--email <address>', 'the address with which they will sign in')
    .addOption(new Option('--role <role...>', 'what they may do: names or ids of roles').makeOptionMandatory(true))
    .option('--name <name>', 'their name (default: the address)')
    .option('--provider <id>', 'accepted by signing in there with this address; no link is made')
    .option('--origin <address>', 'address of the console, when it cannot be found out')
  talksToHub(command).action((options: InviteOptions) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const roles = await rolesNamed(api, rolesIn(options.role))
      const { email, name = email, provider } = options
      const given = { email, name, roles, ...(provider === undefined ? {} : { provider }) }
      const origin = await consoleAt(shell.machine, options)
      const { token, ...invitation } = await api.post<NewInvitation>('/invitations', given)
      const link = token === null ? `${origin}/sign-in` : `${origin}/invitation#${token}`
      output.result({ link, invitation })
      output.line(link)
      return undefined
    }),
  )
}

/** As `--role a b`, `--role a --role b` or `--role a,b`. */
const rolesIn = (given: readonly string[]) => given.flatMap((text) => text.split(',')).filter((text) => text !== '')

/** Where the console of the hub is that a command means. */
export async function consoleAt(machine: Machine, options: AccessOptions & { origin?: string }): Promise<string> {
  const { origin, url, data } = options
  const found = origin ?? url ?? machine.environment.JACKFIELD_URL ?? machine.settings(data).publicUrl
  const at = found ?? (await machine.runningAt(data))
  if (at === undefined) throw usage('No hub runs on this data folder; --origin tells where its console will be')
  return at.replace(/\/+$/, '')
}

function stateCommand(people: Command, shell: Shell, act: 'suspend' | 'activate'): void {
  const told = { suspend: 'end all sessions of a person, and let them sign in no more', activate: 'let them in again' }
  const command = people.command(act).description(told[act]).argument('<person>', 'e-mail address or id')
  talksToHub(command).action((text: string, options: Common) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const { id, name } = await findPerson(api, text)
      const person = await api.post<Person>(`/people/${id}/${act}`)
      output.result({ person })
      output.line(`${name} is ${person.state}.`)
      return undefined
    }),
  )
}

async function findPerson(api: Api, text: string): Promise<Person> {
  const { people } = await api.get<PersonList>('/people')
  const found = people.find(({ id, email }) => id === text.toLowerCase() || email?.toLowerCase() === text.toLowerCase())
  if (found) return found
  throw usage(`Nobody is “${text}”. There are: ${people.map(({ email, name }) => email ?? name).join('; ') || 'none'}`)
}
