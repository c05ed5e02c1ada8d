import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApexErrorListener, ApexParserFactory } from '@apexdevtools/apex-parser'
import { isHubError } from '#core/errors.ts'
import { apexOf, literal, namesFor, type PushTarget } from './apex.ts'
import { pushPackage, removalPackage } from './package.ts'

const target: PushTarget = {
  connectionId: '1a2b3c4d-0000-4000-8000-000000000000',
  url: 'https://hub.example.com/hooks/crm/1a2b3c4d-0000-4000-8000-000000000000',
  secret: Buffer.alloc(32, 7).toString('base64url'),
  hubUser: '0055g00000abcdeAAA',
  objects: ['Account', 'Contact', 'Lead', 'Case', 'Task', 'Event', 'Opportunity', 'User'],
}
const hostile: Partial<PushTarget>[] = [
  { objects: ['Very_Long_Name_Of_A_Custom_Object_That_Goes_On__c', 'ns__Thing__c', 'Thing__c'] },
  { url: "https://hub.example.com/a'b\\c/%0A*/§¶«CLASS»/'; delete [SELECT Id FROM Account]; //" },
  { url: 'http://10.0.0.1:8080/hooks/crm/x?y=<z>&q="' },
  { secret: 'no base64url at all: \' " \n \u2028' },
]

test('all that is made for the CRM is Apex, whatever the names and addresses are', () => {
  assert.ok(errors('class', 'public class A { String s = (1; }').length > 0, 'the parser finds what is wrong')
  for (const change of [{}, ...hostile])
    for (const { name, kind, source } of apexOf({ ...target, ...change }))
      assert.deepEqual(errors(kind, source), [], `${name}\n${source}`)
})

class Listener extends ApexErrorListener {
  readonly found: string[] = []
  override apexSyntaxError(line: number, column: number, message: string): void {
    this.found.push(`${line}:${column} ${message}`)
  }
}

function errors(kind: 'class' | 'trigger', source: string): string[] {
  const listener = new Listener()
  const { parser } = ApexParserFactory.createLexerAndParser(source, listener)
  if (kind === 'class') parser.compilationUnit()
  else parser.triggerUnit()
  return listener.found
}

test('names hold what the platform allows, and differ for objects that differ', () => {
  const names = namesFor(target.connectionId)
  const objects = ['Account', 'Thing__c', 'ns__Thing__c', 'nsThing__c', 'Ns__Thing__c', `${'Long_Name_'.repeat(7)}A__c`]
  const triggers = [...objects, `${'Long_Name_'.repeat(7)}B__c`].map(names.triggerOf)
  for (const name of [...triggers, names.className, names.testName, names.siteName])
    assert.match(name, /^(?=.{1,40}$)[A-Za-z](?:_?[A-Za-z0-9])*$/, name)
  // An object's name does not regard case.
  assert.equal(new Set(triggers.map((name) => name.toLowerCase())).size, triggers.length - 1)
  assert.notEqual(names.className, namesFor('99999999-0000-4000-8000-000000000000').className)
})

test('what is no name of an object never comes into a program', () => {
  for (const object of [
    "Contact'",
    'Contact(after insert){}',
    'Con tact',
    'Contact\n',
    '',
    '_Contact',
    'Contact_',
    'É',
  ])
    assert.throws(
      () => apexOf({ ...target, objects: [object] }),
      (error) => isHubError(error, 'input.invalid'),
      object,
    )
  assert.throws(
    () => apexOf({ ...target, hubUser: "005' || true" }),
    (error) => isHubError(error, 'input.invalid'),
  )
})

test('a text stays a text', () => {
  assert.equal(
    literal('it\'s \\ "\n\r\u0000é\u2028😀'),
    'it\\\'s \\\\ "\\u000A\\u000D\\u0000\\u00E9\\u2028\\uD83D\\uDE00',
  )
})

test('the same target makes the same package, and each of its members has its file', () => {
  const { zip, files, tests } = pushPackage(target)
  assert.deepEqual(pushPackage(target).zip, zip)
  const manifest = files.get('package.xml')!
  const members = [...manifest.matchAll(/<members>(\w+)<\/members>/g)].map((found) => found[1]!)
  assert.equal(members.length, 2 + target.objects.length + 1)
  for (const member of members)
    assert.ok(
      [...files.keys()].some((path) => path.includes(`/${member}.`)),
      member,
    )
  assert.ok(members.includes(tests[0]!))
  assert.match(
    files.get('remoteSiteSettings/Jackfield_1a2b3c4d.remoteSite')!,
    /<url>https:\/\/hub\.example\.com<\/url>/,
  )
})

test('each trigger has a test that fires it, and each method of the class one that calls it', () => {
  const [own, proof, ...triggers] = apexOf(target)
  for (const object of target.objects) assert.ok(proof!.source.includes(`fire('${object}')`), object)
  assert.equal(triggers.length, target.objects.length)
  for (const method of ['tell', 'ping', 'execute']) assert.match(proof!.source, new RegExp(`\\.${method}\\(`))
  const methods = [...own!.source.matchAll(/^ {4}(?:public|private) (?:static )?\w+ (\w+)\(/gm)].map(
    (found) => found[1],
  )
  assert.deepEqual(methods, ['tell', 'ping', 'isMuted', 'execute', 'post'])
})

test('triggers ask for no event that their object lacks', () => {
  const events = Object.fromEntries(
    apexOf({ ...target, objects: ['User', 'Contact', 'Group__c', 'Pricebook2'] })
      .slice(2)
      .map(({ source }) => [/ on (\w+)/.exec(source)![1], / on \w+ \(([^)]*)\)/.exec(source)![1]]),
  )
  assert.doesNotMatch(events.User!, /delete/)
  assert.match(events.Contact!, /after delete, after undelete/)
  assert.match(events.Group__c!, /after undelete/)
  assert.doesNotMatch(events.Pricebook2!, /undelete/)
})

test('removal names all that was brought', () => {
  const { files } = removalPackage(target.connectionId, ['JackfieldOnContact_1a2b3c4d'])
  const list = files.get('destructiveChanges.xml')!
  for (const name of [
    'JackfieldPush_1a2b3c4d',
    'JackfieldPushTest_1a2b3c4d',
    'Jackfield_1a2b3c4d',
    'JackfieldOnContact_1a2b3c4d',
  ])
    assert.match(list, new RegExp(`<members>${name}</members>`))
  assert.doesNotMatch(files.get('package.xml')!, /<types>/)
})
