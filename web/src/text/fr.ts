import type { Text } from './en.ts'
import { agentWorkflows } from './fr/agent-workflows.ts'
import { auditLog } from './fr/audit-log.ts'
import { authentications } from './fr/authentications.ts'
import { configurationParts } from './fr/configuration-parts.ts'
import { configurations } from './fr/configurations.ts'
import { connect } from './fr/connect.ts'
import { desktop } from './fr/desktop.ts'
import { destination } from './fr/destination.ts'
import { editor } from './fr/editor.ts'
import { frame } from './fr/frame.ts'
import { frames } from './fr/frames.ts'
import { http } from './fr/http.ts'
import { ownAccounts } from './fr/own-accounts.ts'
import { people } from './fr/people.ts'
import { problems } from './fr/problems.ts'
import { push } from './fr/push.ts'
import { rights } from './fr/rights.ts'
import { signIn } from './fr/sign-in.ts'
import { signOn } from './fr/sign-on.ts'
import { sites } from './fr/sites.ts'
import { use } from './fr/use.ts'
import { vendors } from './fr/vendors.ts'
import { watch } from './fr/watch.ts'

export const fr: Text = {
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
