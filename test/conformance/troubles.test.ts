import { troubles } from './behaviours/troubles.ts'
import { conform } from './conform.ts'

conform('troubles', troubles)
