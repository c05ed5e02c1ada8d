import { shortRound } from './short-round.ts'

shortRound(21, { victim: 'worker', phase: 'write-back', strike: 'kill' })
