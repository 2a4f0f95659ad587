// An entry of an audit log: canonical JSON with sane members, docs/design/audit-log.md.
import { isObject, parseCanonicalJson, type Json, type JsonObject } from '../bytes/canonical-json.ts';
import { VerifyError } from '../errors.ts';
import { longestEntry } from '../tree/tile.ts';
import { shown, type Text } from '../text.ts';

/** An entry that was read. */
export interface LogEntry {
  readonly kind: string;
  /** UTC epoch milliseconds. */
  readonly atMs: number;
  readonly principal: JsonObject;
  /** SHA-256 of salt and private part, hex, where there is one. */
  readonly private?: string;
  /** All members. */
  readonly members: JsonObject;
}

const kinds = /^(decision|outcome|lease|malformed|[a-z][a-z0-9-]*\.[a-z][a-z0-9.-]*)$/;
const hash = /^[0-9a-f]{64}$/;

/** What each member may be; what is not here may not be there. */
const members: Readonly<Record<string, (value: Json) => boolean>> = {
  v: (value) => value === 1,
  kind: (value) => typeof value === 'string' && kinds.test(value),
  atMs: (value) => isCount(value),
  principal: (value) => isObject(value) && (isPrincipal(value) || isReplaced(value)),
  call: (value) => value !== null,
  operation: (value) => value !== null,
  action: (value) => value !== null,
  outcome: (value) => value !== null,
  resource: (value) => isObject(value) && (isReplaced(value) || isResource(value)),
  decision: (value) => isObject(value) && (isReplaced(value) || typeof value['effect'] === 'string'),
  open: (value) => value !== null,
  private: (value) => isHash(value),
};
const required = ['v', 'kind', 'atMs', 'principal'] as const;

/** Reads the leaf data of an entry. Throws `ENTRY_INVALID`. */
export function parseEntry(bytes: Uint8Array, index: number): LogEntry {
  const fail = (reason: Text) => new VerifyError('ENTRY_INVALID', { index, reason });
  if (bytes.length > longestEntry) throw fail({ zh: `超过 ${longestEntry} 字节`, en: `it is longer than ${longestEntry} bytes` });
  const parsed = parseCanonicalJson(bytes);
  if (!parsed) throw fail({ zh: '不是规范 JSON（RFC 8785）', en: 'it is not canonical JSON (RFC 8785)' });
  const { value } = parsed;
  if (!isObject(value)) throw fail({ zh: '不是 JSON 对象', en: 'it is no object' });
  for (const name of required) if (!Object.hasOwn(value, name)) throw fail({ zh: `缺少 ${name}`, en: `it has no ${name}` });
  for (const [name, member] of Object.entries(value)) {
    const check = Object.hasOwn(members, name) ? members[name] : undefined;
    if (!check) throw fail({ zh: `含有未知成员 ${shown(name)}`, en: `it has the unknown member ${shown(name)}` });
    if (!check(member)) throw fail({ zh: `成员 ${name} 有误`, en: `its member ${name} is wrong` });
  }
  return {
    kind: value['kind'] as string,
    atMs: value['atMs'] as number,
    principal: value['principal'] as JsonObject,
    ...(typeof value['private'] === 'string' ? { private: value['private'] } : {}),
    members: value,
  };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isHash(value: Json | undefined): boolean {
  return typeof value === 'string' && hash.test(value);
}

function isPrincipal(value: JsonObject): boolean {
  return value['kind'] === 'person' ? isHash(value['pseudonym']) && value['id'] === undefined : ['plugin', 'system', 'anonymous'].includes(value['kind'] as string) && typeof value['id'] === 'string';
}

function isResource({ cameras, range }: JsonObject): boolean {
  if (cameras !== undefined && !(Array.isArray(cameras) && cameras.every((camera) => typeof camera === 'string'))) return isObject(cameras) && isReplaced(cameras);
  return range === undefined || (isObject(range) && isCount(range['fromMs']) && isCount(range['toMs']));
}

/** A member that was too long stands in the private part, and its hash here. */
function isReplaced(value: JsonObject): boolean {
  return Object.keys(value).length === 1 && isHash(value['sha256']);
}
