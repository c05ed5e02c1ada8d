import { shortRound } from './short-round.ts'

shortRound(20, { victim: 'hub', phase: 'initial sync', strike: 'kill' })
