import { type BrandVariants, createDarkTheme, createLightTheme, type Theme } from '@fluentui/react-components'

const brand: BrandVariants = {
  10: '#05081c',
  20: '#0e1539',
  30: '#152057',
  40: '#1b2a73',
  50: '#21348d',
  60: '#273ea6',
  70: '#2d47bb',
  80: '#3450cf',
  90: '#4a66df',
  100: '#657dea',
  110: '#8095f1',
  120: '#9aabf6',
  130: '#b2bff9',
  140: '#c8d1fb',
  150: '#dde2fd',
  160: '#eff1fe',
}

/** Windows and Teams have Segoe; elsewhere Inter comes with the console, so that it looks the same on every machine. */
const shared = {
  borderRadiusMedium: '6px',
  borderRadiusXLarge: '12px',
  fontFamilyBase: "'Segoe UI Variable Text', 'Segoe UI', 'Inter Variable', system-ui, sans-serif",
  fontFamilyNumeric: "'Segoe UI Variable Text', 'Segoe UI', 'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'Cascadia Code', 'SF Mono', ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
}

/** Colours of the console's own beside Fluent's: what a state looks like. Each holds AA on the surfaces it stands on. */
interface States {
  jfOk: string
  jfOkSoft: string
  jfOkText: string
  jfBusy: string
  jfBusySoft: string
  jfWarn: string
  jfWarnSoft: string
  jfWarnText: string
  jfBad: string
  jfBadSoft: string
  jfBadText: string
  jfIdle: string
  jfCanvas: string
  jfCard: string
  jfLine: string
  jfCord: string
}

export type ConsoleTheme = Theme & States

export const lightTheme: ConsoleTheme = {
  ...createLightTheme(brand),
  ...shared,
  colorNeutralBackground1: '#ffffff',
  colorNeutralBackground1Hover: '#f4f5f8',
  colorNeutralBackground1Pressed: '#e9ebf0',
  colorNeutralBackground1Selected: '#eceef4',
  colorNeutralBackground2: '#fafbfc',
  colorNeutralBackground3: '#f5f6f9',
  colorNeutralBackground4: '#eff1f5',
  colorNeutralForeground1: '#1a1d26',
  colorNeutralForeground2: '#3f4553',
  colorNeutralForeground3: '#4f5665',
  colorNeutralForeground4: '#5c6373',
  colorNeutralStroke1: '#d3d8e2',
  colorNeutralStroke2: '#e3e6ed',
  colorNeutralStroke3: '#edeff4',
  jfOk: '#1a7f4b',
  jfOkSoft: '#e6f4ec',
  jfOkText: '#12633a',
  jfBusy: '#3450cf',
  jfBusySoft: '#e8ecfd',
  jfWarn: '#b45309',
  jfWarnSoft: '#fdf1df',
  jfWarnText: '#8a3f06',
  jfBad: '#c4262e',
  jfBadSoft: '#fdebec',
  jfBadText: '#a31b23',
  jfIdle: '#838b9b',
  jfCanvas: '#f5f6f9',
  jfCard: '#ffffff',
  jfLine: '#e3e6ed',
  jfCord: '#b9c1d1',
}

const dark = createDarkTheme(brand)

export const darkTheme: ConsoleTheme = {
  ...dark,
  ...shared,
  colorNeutralBackground1: '#181b22',
  colorNeutralBackground1Hover: '#20242d',
  colorNeutralBackground1Pressed: '#14171d',
  colorNeutralBackground1Selected: '#252a35',
  colorNeutralBackground2: '#14171d',
  colorNeutralBackground3: '#0f1115',
  colorNeutralBackground4: '#0b0d10',
  colorNeutralForeground1: '#f1f3f7',
  colorNeutralForeground2: '#c8cdd8',
  colorNeutralForeground3: '#a3aab8',
  colorNeutralForeground4: '#959dac',
  colorNeutralStroke1: '#3a404d',
  colorNeutralStroke2: '#2a2f39',
  colorNeutralStroke3: '#22262f',
  colorSubtleBackgroundHover: '#20242d',
  colorSubtleBackgroundPressed: '#1b1f27',
  colorSubtleBackgroundSelected: '#252a35',
  colorBrandForeground1: brand[120],
  colorBrandForeground2: brand[130],
  colorBrandForegroundLink: brand[120],
  colorBrandForegroundLinkHover: brand[130],
  colorBrandForegroundLinkPressed: brand[110],
  colorBrandForegroundLinkSelected: brand[120],
  colorCompoundBrandForeground1: brand[120],
  colorCompoundBrandForeground1Hover: brand[130],
  colorCompoundBrandBackground: brand[100],
  colorCompoundBrandBackgroundHover: brand[110],
  colorCompoundBrandStroke: brand[110],
  colorBrandBackground: brand[80],
  colorBrandBackgroundHover: brand[90],
  colorBrandBackgroundPressed: brand[60],
  colorBrandBackground2: '#1c2340',
  jfOk: '#4cc38a',
  jfOkSoft: '#14281f',
  jfOkText: '#5fd09a',
  jfBusy: brand[110],
  jfBusySoft: '#1c2340',
  jfWarn: '#f0a549',
  jfWarnSoft: '#2e2211',
  jfWarnText: '#f5bd74',
  jfBad: '#f2646b',
  jfBadSoft: '#331a1d',
  jfBadText: '#ff9298',
  jfIdle: '#7d8594',
  jfCanvas: '#0f1115',
  jfCard: '#181b22',
  jfLine: '#2a2f39',
  jfCord: '#475063',
}
