import type { Text } from './en.ts'
import { agentWorkflows } from './nl/agent-workflows.ts'
import { auditLog } from './nl/audit-log.ts'
import { authentications } from './nl/authentications.ts'
import { configurationParts } from './nl/configuration-parts.ts'
import { configurations } from './nl/configurations.ts'
import { connect } from './nl/connect.ts'
import { desktop } from './nl/desktop.ts'
import { destination } from './nl/destination.ts'
import { editor } from './nl/editor.ts'
import { frame } from './nl/frame.ts'
import { frames } from './nl/frames.ts'
import { http } from './nl/http.ts'
import { ownAccounts } from './nl/own-accounts.ts'
import { people } from './nl/people.ts'
import { problems } from './nl/problems.ts'
import { push } from './nl/push.ts'
import { rights } from './nl/rights.ts'
import { signIn } from './nl/sign-in.ts'
import { signOn } from './nl/sign-on.ts'
import { sites } from './nl/sites.ts'
import { use } from './nl/use.ts'
import { vendors } from './nl/vendors.ts'
import { watch } from './nl/watch.ts'

export const nl: Text = {
  ...frame,
  ...watch,
  ...use,
  ...auditLog,
  ...connect,
  ...desktop,
  ...destination,
  ...editor,
  ...http,
  ...push,
  ...people,
  ...rights,
  ...signIn,
  signOn,
  frames,
  sites,
  authentications,
  ownAccounts,
  configurations,
  configurationParts,
  agentWorkflows,
  ...vendors,
  problems,
}
