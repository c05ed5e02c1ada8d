import type { Written } from '../comparer/destination.ts'
import type { Subject } from '../subject.ts'
import { subjectOf } from '../subjects.ts'

export const sourceNames = ['dynamics', 'salesforce'] as const
export type SourceName = (typeof sourceNames)[number]

/** A CRM whose accounts and contacts are written on, and what is to stand there by the vendor's own mapping. */
export interface Source {
  subject: Subject
  written: Record<'account' | 'contact', Written>
}

const same = (...names: string[]) => names.map((name) => [name, name] as const)

const written: Record<SourceName, Source['written']> = {
  dynamics: {
    account: {
      label: 'Dynamics 365',
      columns: same('name', 'accountnumber', 'description', 'telephone1', 'emailaddress1', 'fax', 'numberofemployees'),
      link: ['_parentaccountid_value', '_parentaccountid_value'],
    },
    contact: {
      label: 'Dynamics 365',
      columns: same(
        ...['firstname', 'middlename', 'lastname', 'jobtitle', 'department', 'description', 'birthdate'],
        ...['emailaddress1', 'telephone1', 'mobilephone', 'fax', 'address1_city', 'address1_country'],
      ),
      link: ['_parentcustomerid_value', '_parentcustomerid_value'],
    },
  },
  salesforce: {
    account: {
      label: 'Salesforce',
      columns: [
        ['name', 'Name'],
        ['accountnumber', 'AccountNumber'],
        ['description', 'Description'],
        ['telephone1', 'Phone'],
        ['fax', 'Fax'],
        ['sic', 'Sic'],
        ['tickersymbol', 'TickerSymbol'],
        ['numberofemployees', 'NumberOfEmployees'],
      ],
      link: null,
    },
    contact: {
      label: 'Salesforce',
      columns: [
        ['firstname', 'FirstName'],
        ['lastname', 'LastName'],
        ['salutation', 'Salutation'],
        ['department', 'Department'],
        ['assistantname', 'AssistantName'],
        ['description', 'Description'],
        ['birthdate', 'Birthdate'],
        ['emailaddress1', 'Email'],
        ['telephone1', 'Phone'],
        ['mobilephone', 'MobilePhone'],
      ],
      link: ['_parentcustomerid_value', 'AccountId'],
    },
  },
}

export const sourceOf = (name: SourceName): Source => ({ subject: subjectOf(name), written: written[name] })
