// Pages of a Salesforce query by nextRecordsUrl.
import { run } from './pipeline.mjs'

await run('baseline-salesforce', {
  rowsOf: (page) => page.records,
  nextOf: (page, address) => (page.nextRecordsUrl ? new URL(page.nextRecordsUrl, address).href : null),
  id: (row) => row.Id,
  name: (row) => row.Name ?? null,
  email: (row) => row.Email ?? null,
  version: (row) => Date.parse(row.SystemModstamp),
  phones: (row) => [row.MobilePhone, row.Phone, row.HomePhone, row.OtherPhone],
})
