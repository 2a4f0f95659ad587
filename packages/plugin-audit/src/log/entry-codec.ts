// What stands in a leaf for everybody, and what stands beside it until the person is erased. See docs/design/audit-log.md.
import { createHash } from 'node:crypto';
import type { AuditEntry, Principal } from '@wanglou/core';

/** Longest leaf in bytes: a bundle gives its length in two (C2SP tlog-tiles). */
export const longestLeafBytes = 65_535;
/** Bytes of a salt. */
export const saltBytes = 16;
/** Above this a member of the leaf is replaced by its hash; eight of them still fit. */
const longestMemberBytes = 7_000;
const leafVersion = 1;

/** The JSON Canonicalization Scheme, RFC 8785. */
export type Canonical = (value: unknown) => string;

/** An entry as it is stored. */
export interface EncodedEntry {
  /** The leaf data. */
  readonly body: string;
  /** Absent when the entry says nothing of persons. */
  readonly privatePart?: { readonly salt: Uint8Array; readonly body: string };
}

/** What encoding needs. */
export interface EncodeOptions {
  readonly canonical: Canonical;
  /** Fresh random bytes. */
  readonly salt: Uint8Array;
  /** Pseudonym of a person, 64 hex digits. */
  pseudonym(person: string): string;
}

/** Parts an entry into leaf and private part. Throws a `TypeError` for what has no canonical form, and a `RangeError` for what fits in no leaf. */
export function encodeEntry({ kind, atMs, principal, call, operation, action, resource, input, decision, outcome, detail, open }: AuditEntry, { canonical, salt, pseudonym }: EncodeOptions): EncodedEntry {
  const { destination, subject, ...place } = resource ?? {};
  const who = hiddenOf(principal);
  // Both in the order of their keys, which spares the canonical form a copy.
  const hidden: Record<string, unknown> = { destination, detail, input, principal: who, subject };
  const leaf: Record<string, unknown> = {
    action,
    atMs,
    call,
    decision,
    kind,
    open,
    operation,
    outcome,
    principal: principal.kind === 'person' ? { kind: 'person', pseudonym: pseudonym(principal.id) } : { id: principal.id, kind: principal.kind },
    private: undefined,
    resource: Object.keys(place).length > 0 ? place : undefined,
    v: leafVersion,
  };
  const whole = assemble(leaf, hidden, canonical, salt);
  if (Buffer.byteLength(whole.body) <= longestLeafBytes) return whole;
  for (const member of ['resource', 'decision', 'open'] as const) {
    const value = leaf[member];
    const text = value === undefined ? '' : canonical(value);
    if (Buffer.byteLength(text) <= longestMemberBytes) continue;
    hidden[member] = value;
    leaf[member] = { sha256: createHash('sha256').update(text).digest('hex') };
  }
  const short = assemble(leaf, hidden, canonical, salt);
  const bytes = Buffer.byteLength(short.body);
  if (bytes > longestLeafBytes) throw new RangeError(`an entry of ${bytes} bytes fits in no leaf`);
  return short;
}

function assemble(leaf: Readonly<Record<string, unknown>>, hidden: Readonly<Record<string, unknown>>, canonical: Canonical, salt: Uint8Array): EncodedEntry {
  if (Object.values(hidden).every((value) => value === undefined)) return { body: canonical(leaf) };
  const privatePart = { salt, body: canonical(hidden) };
  return { body: canonical({ ...leaf, private: commitmentOf(salt, privatePart.body) }), privatePart };
}

/** Puts leaf and private part together again. Without the private part a person is named by the pseudonym. */
export function decodeEntry(body: string, privateBody?: string): AuditEntry {
  const { v: _, private: _commitment, principal, ...open } = JSON.parse(body) as Record<string, any>;
  const { principal: hiddenPrincipal, destination, subject, ...hidden } = (privateBody === undefined ? {} : JSON.parse(privateBody)) as Record<string, any>;
  const place = { ...(hidden['resource'] ?? open['resource']), ...defined({ destination, subject }) };
  const who = principal.pseudonym === undefined ? principal : { kind: 'person', id: erasedName(principal.pseudonym) };
  return { ...open, ...hidden, principal: { ...who, ...hiddenPrincipal }, ...(Object.keys(place).length > 0 && { resource: place }) } as AuditEntry;
}

/** How a person who was erased is shown: the same for all entries of one person. */
export function erasedName(pseudonym: string): string {
  return `erased-${pseudonym.slice(0, 12)}`;
}

/** `SHA-256(salt ‖ text)` in hex: binds to the text and tells nothing of it. */
export function commitmentOf(salt: Uint8Array, text: string): string {
  return createHash('sha256').update(salt).update(text).digest('hex');
}

/** What of a principal is a person's own. */
function hiddenOf({ kind, id, ...rest }: Principal): Readonly<Record<string, unknown>> | undefined {
  if (kind === 'person') return { id, ...rest };
  return Object.keys(rest).length > 0 ? rest : undefined;
}

function defined(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
