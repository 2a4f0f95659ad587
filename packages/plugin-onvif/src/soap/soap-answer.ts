// From the bytes of an HTTP answer to the Body's element, or to the error that says what is wrong with it.
import { nodeAt, readXml, textAt } from './xml-node.ts';
import { OnvifError } from './onvif-error.ts';
import type { XmlNode } from './xml-node.ts';

/** The HTTP answer as far as it matters here. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Reads the Body's first element, which must have the local name `expected`. @throws OnvifError */
export function readSoapAnswer(answer: HttpAnswer, expected: string): XmlNode {
  if (answer.status >= 300 && answer.status < 400) throw new OnvifError('MALFORMED', { reason: `HTTP redirect ${answer.status}` });
  const body = readBody(answer);
  const content = body.children[0];
  if (content?.name === 'Fault') throw faultError(content, answer.status);
  throwForStatus(answer.status);
  if (content?.name !== expected) throw new OnvifError('MALFORMED', { reason: `${expected} was expected, ${content ? `<${content.name.slice(0, 60)}>` : 'nothing'} came` });
  return content;
}

/** Decodes by the charset of the header or of the prolog; Chinese firmware sends GB2312 without saying so in the header. */
export function decodeBody(body: Uint8Array, contentType: string): string {
  const prolog = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 200)).toString('latin1');
  const label = /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1] ?? /encoding\s*=\s*["']([\w-]+)/i.exec(prolog)?.[1] ?? 'utf-8';
  const declared = /encoding\s*=\s*["'](gb[\w-]+)/i.exec(prolog)?.[1] ?? label;
  try {
    return new TextDecoder(declared).decode(body);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new TextDecoder().decode(body);
  }
}

function readBody(answer: HttpAnswer): XmlNode {
  const text = decodeBody(answer.body, answer.contentType);
  let root: XmlNode;
  try {
    root = readXml(text);
  } catch (error) {
    // An HTML page with 401 or 503 says more by its status than by its markup.
    throwForStatus(answer.status);
    throw error;
  }
  const body = nodeAt(root, 'Body');
  if (root.name === 'Envelope' && body) return body;
  throwForStatus(answer.status);
  throw new OnvifError('MALFORMED', { reason: `<${root.name.slice(0, 60)}> is no SOAP envelope` });
}

function throwForStatus(status: number): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403) throw new OnvifError('BAD_CREDENTIALS', { reason: `HTTP ${status}` });
  if (status === 423 || status === 429) throw new OnvifError('LOCKED_OUT', { seconds: 600 });
  if (status === 503) throw new OnvifError('BUSY', { seconds: 30 });
  throw new OnvifError('DEVICE_FAULT', { reason: `HTTP ${status}` });
}

/** SOAP 1.2 and, for old devices, SOAP 1.1 faults; the ONVIF meaning is in the subcodes (Core Specification clause 5.8.2). */
function faultError(fault: XmlNode, status: number): OnvifError {
  const codes = [...subcodesOf(nodeAt(fault, 'Code')), textAt(fault, 'faultcode') ?? ''].map((code) => code.slice(code.indexOf(':') + 1));
  const reason = (textAt(fault, 'Reason', 'Text') ?? textAt(fault, 'faultstring') ?? textAt(fault, 'Detail', 'Text') ?? codes.join(' ')).slice(0, 300);
  const says = (pattern: RegExp): boolean => codes.some((code) => pattern.test(code)) || pattern.test(reason);
  if (says(/lock(ed)?[ _-]?(out)?\b/i)) return new OnvifError('LOCKED_OUT', { seconds: 600 });
  if (says(/MessageExpired|timestamp|clock|out of sync/i)) return new OnvifError('CLOCK_SKEW', { seconds: 'more than 5' });
  if (status === 401 || says(/NotAuthorized|FailedAuthentication|InvalidSecurity|not authorized|unauthorized/i)) return new OnvifError('BAD_CREDENTIALS', { reason });
  if (says(/^(ActionNotSupported|NotImplemented)$|not implemented|not supported/i)) return new OnvifError('NOT_SUPPORTED', { what: reason });
  return new OnvifError('DEVICE_FAULT', { reason: reason === '' ? 'a fault without a reason' : reason });
}

function subcodesOf(code: XmlNode | undefined): string[] {
  const values: string[] = [];
  for (let current = code; current; current = nodeAt(current, 'Subcode')) values.push(textAt(current, 'Value') ?? '');
  return values;
}
