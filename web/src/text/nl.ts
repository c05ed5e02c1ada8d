import { en, type Text } from './en.ts'

export const nl: Text = en
