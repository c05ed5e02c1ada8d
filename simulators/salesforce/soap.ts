import type { Reply } from '../exchange/http.ts'
import { customField, element, elements } from './components.ts'
import { resultOf, startDeploy } from './deploy.ts'
import { ApiError } from './errors.ts'
import { userOf } from './oauth.ts'
import type { Request } from './request.ts'
import type { Call, Simulator } from './simulator.ts'

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata"><soapenv:Body>'
const TAIL = '</soapenv:Body></soapenv:Envelope>'

const xml = (status: number, inner: string): Reply => ({
  status,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body: HEAD + inner + TAIL,
})
const escaped = (value: unknown) => String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function fault(code: string, text: string): Reply {
  return xml(
    500,
    `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${code}: ${escaped(text)}</faultstring></soapenv:Fault>`,
  )
}

/** Of the SOAP Metadata API (`/services/Soap/m/NN.0`): deploy, checkDeployStatus, and custom fields made one by one. */
export function soap(sim: Simulator, request: Request): Reply {
  const body = request.body.toString('utf8')
  const userId = userOf(sim.org, sim.sessions, `Bearer ${element(body, 'sessionId') ?? ''}`)
  if (userId === null) return fault('INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader: Illegal Session')
  const version = `v${/\/m\/(\d+\.\d+)/.exec(request.url)?.[1] ?? '67.0'}`
  const call: Call = {
    sim,
    method: 'POST',
    version,
    segments: [],
    query: new URLSearchParams(),
    headers: request.headers,
    body: request.body,
    userId,
    struck: request.struck,
  }
  try {
    return operation(call, body)
  } catch (error) {
    if (error instanceof ApiError) return fault(error.errorCode, error.message)
    throw error
  }
}

function operation(call: Call, body: string): Reply {
  const zip = element(body, 'ZipFile')
  if (zip !== null) {
    const options = Object.fromEntries(
      [...(element(body, 'DeployOptions') ?? '').matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, k, v]) => [
        k!,
        v === 'true' ? true : v === 'false' ? false : v,
      ]),
    )
    const made = startDeploy(call, Buffer.from(zip, 'base64'), options)
    return xml(
      200,
      `<deployResponse><result><done>false</done><id>${made.id}</id><state>Queued</state></result></deployResponse>`,
    )
  }
  const asked = element(body, 'asyncProcessId')
  const found = asked === null ? undefined : call.sim.deployments.list.get(asked)
  if (found)
    return xml(
      200,
      `<checkDeployStatusResponse><result>${members(resultOf(call.sim, found, element(body, 'includeDetails') === 'true'))}</result></checkDeployStatusResponse>`,
    )
  for (const verb of ['createMetadata', 'upsertMetadata'])
    if (body.includes(`${verb}>`) || body.includes(`${verb} `)) return fields(call, verb, body)
  return fault('INVALID_OPERATION', 'no such operation here')
}

function fields(call: Call, verb: string, body: string): Reply {
  const results = elements(body, 'metadata').map((source) => {
    const fullName = element(source, 'fullName') ?? ''
    try {
      const created = customField(call.sim.org, fullName, source)
      return `<result><created>${created}</created><fullName>${fullName}</fullName><success>true</success></result>`
    } catch (error) {
      return `<result><errors><message>${escaped((error as Error).message)}</message><statusCode>INVALID_FIELD</statusCode></errors><fullName>${escaped(fullName)}</fullName><success>false</success></result>`
    }
  })
  return xml(200, `<${verb}Response>${results.join('')}</${verb}Response>`)
}

function members(value: Record<string, unknown>): string {
  return Object.entries(value)
    .flatMap(([key, v]) => (Array.isArray(v) ? v.map((item) => [key, item] as const) : [[key, v] as const]))
    .filter(([, v]) => v !== null && v !== undefined)
    .map(([key, v]) => `<${key}>${typeof v === 'object' ? members(v as Record<string, unknown>) : escaped(v)}</${key}>`)
    .join('')
}
