/** The order matters: most name others beside themselves. */
const browsers: [RegExp, string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bHeadlessChrome\/|\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/\bWindows\b/, 'Windows'],
  [/\biPhone\b|\biPad\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** What a person calls the program that asked: a browser and its system, or the first word that a program says of itself. */
export function agentName(agent: string): { program: string; system: string | null } {
  const found = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1] ?? null
  const browser = agent.startsWith('Mozilla/') ? found(browsers) : null
  if (browser) return { program: browser, system: found(systems) }
  return { program: agent.split(/[\s/(]/, 1)[0] || agent, system: null }
}
