import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvRecords } from './csv.ts'

const read = (text: string) => [...csvRecords(text)]

test('records are read as they were written, whatever stands in a value', () => {
  assert.deepEqual(read('"Id","Name"\n"1","a ""b"", c"\n"2","line\nbreak\r\n and ,"\n'), [
    ['Id', 'Name'],
    ['1', 'a "b", c'],
    ['2', 'line\nbreak\r\n and ,'],
  ])
  assert.deepEqual(read('a,,b\n,,\n"",x,""\n'), [
    ['a', '', 'b'],
    ['', '', ''],
    ['', 'x', ''],
  ])
  assert.deepEqual(read('a,b\r\n"c","d"\r\n'), [
    ['a', 'b'],
    ['c', 'd'],
  ])
  assert.deepEqual(read('"""",""""""\n'), [['"', '""']])
  assert.deepEqual(read(''), [])
})

test('a file that breaks off anywhere within a record is none', () => {
  const whole = '"Id","Name"\n"1","a ""b"""\n'
  for (let length = 1; length < whole.length; length += 1) {
    if (length === whole.indexOf('\n') + 1) continue
    assert.throws(() => read(whole.slice(0, length)), { code: 'crm.body_invalid' }, whole.slice(0, length))
  }
  assert.throws(() => read('"a"b,c\n'), { code: 'crm.body_invalid' })
})
