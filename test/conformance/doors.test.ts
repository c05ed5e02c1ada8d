import { doors } from './behaviours/doors.ts'
import { conform } from './conform.ts'

conform('doors', doors)
