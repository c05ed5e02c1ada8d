/** Who waits for a call, most urgent first: a shared quota is given in this order. */
export type Lane = 'ring' | 'person' | 'incremental' | 'initial'

export interface CrmReply {
  status: number
  /** Header names in lower case. */
  headers: Record<string, string | undefined>
  body: Buffer
  /** The body, decoded when it is asked for; throws crm.body_invalid where an answer of success is not UTF-8. */
  readonly text: string
}

export interface CrmCall {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  lane: Lane
  /** 'safe': may be repeated by the door (reads, keyed writes never); 'never': exactly one attempt is made. */
  retry: 'safe' | 'never'
  maxBytes?: number
  deadlineMs?: number
  signal?: AbortSignal
}

/** A link to one organisation of a CRM as a connector sees it: the token, the quota and the one door out are behind it. */
export interface CrmSession {
  /** Origin of the organisation, without a path: `https://contoso.crm4.dynamics.com`. */
  readonly url: string
  /** The connection's own settings, nothing secret; what a connector keeps there it alone understands. */
  readonly settings: Readonly<Record<string, unknown>>
  /** `path` is relative to the origin, or an absolute URL of the same origin (a next link); any other origin is refused. */
  call(path: string, options: CrmCall): Promise<CrmReply>
}

/** Calls without a token: sign-in and discovery. */
export interface OpenDoor {
  call(
    url: string,
    options: {
      method?: string
      headers?: Record<string, string>
      body?: string
      deadlineMs: number
      retry: 'safe' | 'never'
    },
  ): Promise<CrmReply>
}
