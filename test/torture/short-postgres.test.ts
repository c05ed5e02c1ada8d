import { shortRound } from './short-round.ts'

shortRound(22, { victim: 'postgres', phase: 'hints', strike: 'hang and kill' })
