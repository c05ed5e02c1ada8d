import { useText } from '../../text/use-text.tsx'

const titles: Record<string, string> = {
  dynamics: 'Dynamics 365',
  salesforce: 'Salesforce',
  servicenow: 'ServiceNow',
  zendesk: 'Zendesk',
}

/** What a kind of CRM is called. */
export function useCrmTitle(): (crm: string) => string {
  const { t } = useText()
  return (crm) => (crm === '*' ? t.destination.anyCrm : (titles[crm] ?? t.http.titles[crm] ?? crm))
}
