/** What went wrong, in a closed table: HTTP status and the exit code family of the CLI follow from the code alone. */
export const errorTable = {
  'auth.denied': 403,
  'auth.proof_needed': 403,
  'auth.rejected': 401,
  'auth.required': 401,
  'auth.suspended': 403,
  'auth.throttled': 429,
  'authentication.app_blocked': 409,
  'authentication.client_unknown': 409,
  'authentication.consent_missing': 409,
  'authentication.consent_over': 409,
  'authentication.in_use': 409,
  'authentication.rejected': 409,
  'authentication.secret_expired': 409,
  'authentication.secret_wrong': 409,
  'authentication.tenant_unknown': 409,
  'configuration.invalid': 400,
  'connection.exists': 409,
  'connection.not_found': 404,
  'connection.not_ready': 409,
  'connection.not_the_crm': 409,
  'consent.over': 400,
  'consent.refused': 409,
  'consent.unfit': 409,
  'crm.blocked_address': 400,
  'crm.body_invalid': 502,
  'crm.body_too_large': 502,
  'crm.conflict': 409,
  'crm.delta_expired': 409,
  'crm.dns': 502,
  'crm.foreign_link': 502,
  'crm.no_user': 409,
  'crm.pages_unsound': 502,
  'crm.privilege_missing': 409,
  'crm.record_locked': 409,
  'crm.refused': 502,
  'crm.throttled': 503,
  'crm.timeout': 504,
  'crm.tls': 502,
  'crm.unreachable': 502,
  'database.binaries_missing': 500,
  'database.durability_off': 500,
  'database.folder_unusable': 500,
  'database.in_use': 500,
  'database.not_started': 500,
  'database.too_old': 500,
  'database.unavailable': 503,
  'desktop.name_taken': 409,
  'desktop.part_in_use': 409,
  'destination.exists': 409,
  'destination.not_ready': 409,
  'destination.unable': 400,
  'destination.value_refused': 422,
  'factor.code_wrong': 400,
  'factor.exists': 409,
  'factor.needed': 409,
  'factor.not_begun': 409,
  'feed.cursor_gone': 410,
  'field.unknown': 400,
  'filter.invalid': 400,
  'input.invalid': 400,
  'input.too_large': 413,
  internal: 500,
  'invitation.over': 410,
  'job.lease_lost': 409,
  'linked_account.needed': 409,
  'linked_account.unusable': 409,
  'mapping.invalid': 400,
  'passkey.refused': 400,
  'password.refused': 400,
  'people.exists': 409,
  'people.last_administrator': 409,
  'people.not_removed': 409,
  'push.name_taken': 409,
  'push.not_installed': 409,
  'push.not_offered': 409,
  'record.invalid': 422,
  'record.not_found': 404,
  'resource.not_found': 404,
  'role.built_in': 409,
  'role.in_use': 409,
  'role.name_taken': 409,
  'secret.key_missing': 500,
  'secret.key_wrong': 500,
  'secret.unreadable': 500,
  'search.too_slow': 503,
  'server.busy': 503,
  'settings.changed': 409,
  'sign_on.account_exists': 409,
  'sign_on.groups_missing': 403,
  'sign_on.identity_taken': 409,
  'sign_on.name_taken': 409,
  'sign_on.no_account': 403,
  'sign_on.no_role': 403,
  'sign_on.over': 400,
  'sign_on.refused': 401,
  'sign_on.rejected': 502,
  'sign_on.unfit': 409,
  'sign_on.unreachable': 502,
  'sync.running': 409,
  'sync.settings_changed': 409,
  'sync.sweep_needs_person': 409,
  'team.name_taken': 409,
  'write.conflict': 409,
  'write.refused': 422,
  'write.unknown_outcome': 409,
} as const satisfies Record<string, number>

export type ErrorCode = keyof typeof errorTable

/** Fields that let a caller act, not only read. */
export interface ErrorDetail {
  cause?: unknown
  /** What the person should do next, one sentence. */
  mend?: string
  /** Milliseconds since the epoch before which a retry is useless. */
  retryAt?: number
  connectionId?: string
  /** What stands in the way. */
  connections?: readonly { id: string; name: string }[]
  field?: string
  /** False when the request surely never left, so that even a write may be repeated. */
  sent?: boolean
  /** The vendor's own HTTP status, error code and text (already redacted). */
  vendorStatus?: number
  vendorCode?: string
  vendorText?: string
}

/** The one error that Jackfield throws on purpose; `message` says what happened and to what. */
export class HubError extends Error {
  readonly code: ErrorCode
  readonly detail: Omit<ErrorDetail, 'cause'>

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    const { cause, ...rest } = detail
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'HubError'
    this.code = code
    this.detail = rest
  }

  get status(): number {
    return errorTable[this.code]
  }
}

/** True for a HubError with one of these codes. */
export function isHubError(error: unknown, ...codes: ErrorCode[]): error is HubError {
  return error instanceof HubError && (codes.length === 0 || codes.includes(error.code))
}
