// The secrets of visitors: hashes of ID numbers and of the codes with which they confirm. Neither is kept in clear.
import type { Visitor } from '@wanglou/core';
import type { Kysely } from 'kysely';
import type { VisitorCode } from '../contract.ts';
import { AccessError } from '../errors.ts';
import type { AccessTables } from '../tables.ts';

/** A visitor as the person at the counter types them in. */
export interface VisitorInput {
  readonly name: string;
  readonly idKind: Visitor['idKind'];
  readonly idNumber: string;
}

/** Keyed, salted hashes. */
export interface Hasher {
  hash(value: string): Promise<string>;
  fits(value: string, hash: string): Promise<boolean>;
}

/** Rows of visitors that are about to be kept, with what is told once. */
export interface PreparedVisitors {
  readonly visitors: readonly Visitor[];
  readonly codes: readonly VisitorCode[];
  readonly rows: readonly { readonly visitor: string; readonly id_hash: string; readonly code_hash: string }[];
}

/** Gives visitors their ids, hashes and codes. `digits` gives six random ones. Throws `VISITOR_TWICE`. */
export async function prepareVisitors(inputs: readonly VisitorInput[], hasher: Hasher, digits: () => string): Promise<PreparedVisitors> {
  // Two persons are two work IDs: one that is typed in twice is one person.
  const twice = inputs.find(({ idNumber }, index) => inputs.findIndex((other) => plain(other.idNumber) === plain(idNumber)) < index);
  if (twice) throw new AccessError('VISITOR_TWICE', { name: twice.name });
  const visitors = inputs.map(({ name, idKind, idNumber }, index): Visitor => ({ id: `v${index + 1}`, name, idKind, idLast4: lastOf(idNumber) }));
  const codes = visitors.map(({ id }) => ({ visitor: id, code: digits() }));
  const rows = await Promise.all(visitors.map(async ({ id }, index) => ({ visitor: id, id_hash: await hasher.hash(plain(inputs[index]!.idNumber)), code_hash: await hasher.hash(codes[index]!.code) })));
  return { visitors, codes, rows };
}

/** A number however it is written. */
function plain(idNumber: string): string {
  return idNumber.toUpperCase().replaceAll('-', '');
}

/** The last four; of a short number fewer, for half of it must stay unknown. */
function lastOf(idNumber: string): string {
  return idNumber.slice(-Math.min(4, Math.floor(idNumber.length / 2)));
}

/** Keeps the rows of a request's visitors, in the place of those of an earlier revision. */
export async function keepVisitors(database: Kysely<AccessTables>, request: string, rows: PreparedVisitors['rows']): Promise<void> {
  await database.deleteFrom('visitor').where('request', '=', request).execute();
  if (rows.length > 0) await database.insertInto('visitor').values(rows.map((row) => ({ request, ...row }))).execute();
}

/** Whether a code is the visitor's. */
export async function isVisitorCode(database: Kysely<AccessTables>, hasher: Hasher, request: string, visitor: string, code: string): Promise<boolean> {
  const row = await database.selectFrom('visitor').select('code_hash').where('request', '=', request).where('visitor', '=', visitor).executeTakeFirst();
  return row !== undefined && hasher.fits(code, row.code_hash);
}
