import { keepSaved } from '../../api/client.ts'
import { refreshTeams, type Team, teamsQuery } from '../../api/teams.ts'

/** What the hub answered stands at once, and the list is asked for anew. */
export function keepTeam(team: Team): void {
  keepSaved(teamsQuery.queryKey, (all) => all?.map((each) => (each.id === team.id ? team : each)))
  void refreshTeams()
}
