import { agentWorkflows } from './en/agent-workflows.ts'
import { auditLog } from './en/audit-log.ts'
import { authentications } from './en/authentications.ts'
import { configurationParts } from './en/configuration-parts.ts'
import { configurations } from './en/configurations.ts'
import { connect } from './en/connect.ts'
import { desktop } from './en/desktop.ts'
import { destination } from './en/destination.ts'
import { editor } from './en/editor.ts'
import { frame } from './en/frame.ts'
import { frames } from './en/frames.ts'
import { http } from './en/http.ts'
import { ownAccounts } from './en/own-accounts.ts'
import { people } from './en/people.ts'
import { problems } from './en/problems.ts'
import { push } from './en/push.ts'
import { rights } from './en/rights.ts'
import { signIn } from './en/sign-in.ts'
import { signOn } from './en/sign-on.ts'
import { sites } from './en/sites.ts'
import { use } from './en/use.ts'
import { vendors } from './en/vendors.ts'
import { watch } from './en/watch.ts'

export const en = {
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

/** What every language must say. */
export type Text = typeof en
