import { paging } from './behaviours/paging.ts'
import { conform } from './conform.ts'

conform('paging', paging)
