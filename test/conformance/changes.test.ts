import { changes } from './behaviours/changes.ts'
import { conform } from './conform.ts'

conform('changes', changes)
