import { crc32 } from 'node:zlib'

/** 1 January 1980, the first day that a zip can name: the same files make the same bytes, whenever. */
const FIRST_DAY = 0x0021
/** The names are UTF-8. */
const UTF8 = 0x0800
const VERSION = 20

/** A zip whose files are stored as they are: deflate's bytes differ from one zlib to the next, and the files are small. */
export function zipOf(files: Iterable<readonly [path: string, content: string | Buffer]>): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  let count = 0
  for (const [path, content] of files) {
    const [name, data] = [Buffer.from(path), Buffer.from(content)]
    const facts = factsOf(name, data)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, VERSION, 0]), facts, place, name)
    const local = [Buffer.from([0x50, 0x4b, 3, 4]), facts, name, data]
    parts.push(...local)
    at += local.reduce((sum, part) => sum + part.length, 0)
    count += 1
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, index, end])
}

/** What stands both before a file and in the directory at the end. */
function factsOf(name: Buffer, data: Buffer): Buffer {
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(VERSION, 0)
  facts.writeUInt16LE(UTF8, 2)
  facts.writeUInt16LE(FIRST_DAY, 8)
  facts.writeUInt32LE(crc32(data), 10)
  facts.writeUInt32LE(data.length, 14)
  facts.writeUInt32LE(data.length, 18)
  facts.writeUInt16LE(name.length, 22)
  return facts
}
