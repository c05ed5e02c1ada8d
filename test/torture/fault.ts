/** As the simulators' control takes it. */
export type Fault = Record<string, unknown> & { kind: string }
