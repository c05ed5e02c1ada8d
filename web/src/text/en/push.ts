import { words } from '../words.ts'

const { plural } = words('en')

/** How a CRM tells of changes at once: a section of a connection's page. */
export const push = {
  push: {
    title: 'Changes at once',
    text: 'How the CRM tells the hub within seconds. What none of it tells is found at the schedule.',
    told: (n: number) =>
      plural(n, { zero: 'No push came today', one: '# push came in today', other: '# pushes came in today' }),
    refused: (n: number) =>
      plural(n, {
        one: '# push was refused today: its secret or signature is wrong, or its clock is off',
        other: '# pushes were refused today: their secret or signature is wrong, or their clock is off',
      }),
    notUnderstood: (n: number) =>
      plural(n, { one: '# push today made no sense', other: '# pushes today made no sense' }),
    noAddress:
      'The hub does not know at which address the CRM reaches it. Set JACKFIELD_PUBLIC_URL where the hub is started.',
    captured: 'Change Data Capture',
    capturedText:
      'Nothing to install. Choose the objects in Salesforce under Setup → Change Data Capture, and give the hub’s user “View All” of them.',
    line: { listening: 'Listening', interrupted: 'Interrupted', not_offered: 'Not offered', none: 'Not tried yet' },
    lineAgain: {
      listening: '',
      interrupted: 'The hub opens the line again by itself.',
      not_offered: 'The hub looks again each hour.',
      none: '',
    },
    heard: (at: string) => `last heard ${at}`,
    apex: 'Apex push',
    apexText: 'Triggers tell which records changed, never what they hold. Deletes and undeletes too.',
    notInstalled: 'Not installed',
    installed: (at: string) => `Installed ${at}`,
    tellsOf: (tables: string) => `Tells of ${tables}`,
    notTold: (tables: string) => `Not of ${tables}: install it again.`,
    outdated: 'Address, tables or secret changed since: install it again.',
    install: 'Install',
    installAgain: 'Install again',
    test: 'Send a test event',
    moreActs: 'More acts of the push',
    acts: {
      install: 'Install again',
      check: 'Check without installing',
      renew: 'New secret',
      remove: 'Take it away',
      test: 'Send a test event',
    },
    actTexts: {
      install: 'The same code, with the tables and address of now.',
      check: 'Salesforce compiles and tests the code and keeps nothing.',
      renew: 'Installs it again; the old secret is void then.',
      remove: 'Removes triggers, classes and remote site.',
      test: 'The hub waits for it, up to three minutes.',
    },
    download: 'Download the package',
    downloadText: 'To deploy it by hand. It holds the secret.',
    messages: 'Outbound Messages',
    messagesText:
      'For organisations that use them: a flow or rule sends the record’s Id to this address, without the session id.',
    showAddress: 'Show the address',
    addressSecret: 'The address holds a secret: whoever has it can post to the hub.',
    webhook: 'Webhook',
    webhookText: 'The hub registers it in the organisation itself, and mends it each day.',
    registered: (at: string) => `Registered ${at}`,
    notRegistered: 'Not registered',
    willRegister: 'The hub registers it within a minute of being connected, and tries again every 15 minutes.',
    ask: {
      install: 'Install the push in Salesforce?',
      renew: 'Install the push with a new secret?',
      remove: 'Take the push out of Salesforce?',
    },
    askText: {
      install:
        'The hub puts one trigger for each object that is copied, two classes and a remote site into the organisation, all of it or nothing. Salesforce compiles and tests it first. No save ever fails by it.',
      renew:
        'The old secret is void two minutes after Salesforce has the new code; if it refuses the code, all stays as it was. The address of Outbound Messages changes: enter the new one there.',
      remove: 'Triggers, classes and remote site go. Changes are then found by other ways, or at the schedule.',
    },
    working: {
      install: 'Installing',
      check: 'Checking',
      renew: 'Installing with a new secret',
      remove: 'Taking it away',
      test: 'Waiting for a test event',
    },
    went: {
      install: 'The push is installed and works',
      check: 'Salesforce would take it',
      renew: 'The new secret works',
      remove: 'The push is gone from Salesforce',
      test: 'The push works',
    },
    failed: {
      install: 'The push does not work yet',
      check: 'Salesforce would not take it',
      renew: 'The push does not work yet',
      remove: 'The push is still there',
      test: 'No test event came',
    },
    steps: {
      names: 'Its names are free in Salesforce',
      sent: 'The package is handed over',
      components: 'Salesforce takes its parts',
      tests: 'Salesforce runs its tests',
      done: 'All of it is done',
      test_event: 'A test event comes in',
    },
    of: (done: string, total: string) => `${done} of ${total}`,
    waitsForCrm: 'Salesforce was asked for it; its queue may take a minute.',
    waitsForPerson:
      'The hub may not have Salesforce send one. Open a record there, change it and save it; the hub waits three minutes.',
    came: (time: string) => `after ${time}`,
    faultMend: {
      components: 'Switch the table of this object off above, or deploy the package by hand.',
      tests:
        'A rule or trigger of your own stands in the way of the test records. Look at the test that is named, or switch its table off above.',
      test_event:
        'See in Salesforce under Setup → Apex Jobs why it was not sent. Salesforce must reach the hub’s address over HTTPS, with a certificate that it trusts, and both clocks may be five minutes apart at most.',
    },
    nothingStays: 'Salesforce has refused it, and nothing of it stays there.',
    stop: 'Stop',
    stopped: 'Stopped. Salesforce keeps nothing of what was not finished.',
    start: { install: 'Install', renew: 'Make and install', remove: 'Take it away' },
  },
}
