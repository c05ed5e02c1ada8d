import type { Text } from '../text/en.ts'

/** In this order: most browsers also call themselves what others are. */
const browsers: [RegExp, string][] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bTeams\//, 'Teams'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrome\/|\bHeadlessChrome\/|\bCriOS\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
]

const systems: [RegExp, string][] = [
  [/\bWindows\b/, 'Windows'],
  [/\biPad\b/, 'iPad'],
  [/\biPhone\b/, 'iPhone'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
]

/** What a browser says of itself, as people call it: “Firefox on Windows”. */
export function deviceName(agent: string | null, t: Text): string {
  if (!agent) return t.device.unknown
  const browser = browsers.find(([pattern]) => pattern.test(agent))?.[1]
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1]
  if (browser && system) return t.device.on(browser, system)
  return browser ?? system ?? (/^[\w.-]+\/[\d.]/.test(agent) ? t.device.program : t.device.unknown)
}

/** Carried about, so that its picture is another. */
export const isHandheld = (agent: string | null): boolean => /\b(iPhone|iPad|Android|Mobile)\b/.test(agent ?? '')
