/** What its simulator prints first: addresses and credentials by name. */
export type Told = { url: string; control: string } & Record<string, string>

/** A simulated organisation in a process of its own, handing out ready-made pages. */
export interface Organisation {
  vendor: Vendor
  told: Told
  url: string
  pid: number
  /** Asks its control. */
  ask<T>(path: string, body?: unknown, method?: string): Promise<T>
  token(): Promise<string>
  stop(): Promise<void>
}

/** What both sides read, of the bare pipeline's request. */
export interface Pages {
  url: string
  /** Beside the token. */
  headers: Record<string, string>
  pages: number
  records: number
  bytes: number
}

/** One kind of CRM as it is measured: its simulator, how a hub is connected, and the bare pipeline of its kind. */
export interface Vendor {
  crm: string
  simulator: string
  simulatorArgs: readonly string[]
  /** Body of `POST /api/v1/connections`. */
  connection(told: Told): Record<string, unknown>
  /** Beyond the default ones, so that a contact has more than forty; both sides read them. */
  moreColumns: readonly string[]
  token(told: Told): Promise<string>
  /** Makes the pages of contacts ready, as the bare pipeline asks for them. */
  prepare(organisation: Organisation, columns: readonly string[]): Promise<Pages>
  /** The hub asks for the very same pages; else for other pages of the same rows, made ready by a copy before. */
  sharesPages: boolean
  baseline(): string
}
