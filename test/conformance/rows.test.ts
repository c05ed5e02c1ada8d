import { rows } from './behaviours/rows.ts'
import { conform } from './conform.ts'

conform('rows', rows)
