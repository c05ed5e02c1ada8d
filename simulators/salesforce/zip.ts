import { inflateRawSync } from 'node:zlib'

/** The same as texts. */
export function unzip(bytes: Buffer): Map<string, string> | null {
  const files = unzipBytes(bytes)
  return files && new Map([...files].map(([name, data]) => [name, data.toString('utf8')]))
}

/** The files of a zip by their paths; null for what is none. */
export function unzipBytes(bytes: Buffer): Map<string, Buffer> | null {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  if (end < 0) return null
  const files = new Map<string, Buffer>()
  let at = bytes.readUInt32LE(end + 16)
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) return null
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)]
    const [nameLength, extra, comment] = [
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ]
    const local = bytes.readUInt32LE(at + 42)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const data = bytes.subarray(start, start + size)
    if (!name.endsWith('/')) files.set(name, method === 8 ? inflateRawSync(data) : data)
    at += 46 + nameLength + extra + comment
  }
  return files
}

/** The parts of a multipart body by name. */
export function multipart(body: Buffer, contentType: string): Map<string, Buffer> {
  const boundary = /boundary="?([^";]+)/i.exec(contentType)?.[1]
  const parts = new Map<string, Buffer>()
  if (boundary === undefined) return parts
  const mark = Buffer.from(`--${boundary}`)
  for (let at = body.indexOf(mark); at >= 0; ) {
    const next = body.indexOf(mark, at + mark.length)
    if (next < 0) break
    const head = body.indexOf('\r\n\r\n', at)
    const name = /name="([^"]+)"/.exec(body.toString('utf8', at, head))?.[1]
    if (name !== undefined) parts.set(name, body.subarray(head + 4, next - 2))
    at = next
  }
  return parts
}
