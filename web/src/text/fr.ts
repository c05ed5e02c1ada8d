import { en, type Text } from './en.ts'

export const fr: Text = en
