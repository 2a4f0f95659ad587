// Scans of papers, encrypted in the table. A scan that no request names within a day is forgotten.
import { createHash } from 'node:crypto';
import type { DocumentRef } from '@wanglou/core';
import type { Kysely } from 'kysely';
import { AccessError } from '../errors.ts';
import type { KeyRing } from '../secrets/key-ring.ts';
import type { AccessTables } from '../tables.ts';

/** What is uploaded. */
export interface DocumentInput {
  readonly kind: DocumentRef['kind'];
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

const looseMs = 86_400_000;
/** Papers are personal data: where nothing came of them they go after this (PIPL, article 19). */
const futileMs = 30 * 86_400_000;
/** Papers of one person that no request names yet. */
const looseAtOnce = 50;

/** First bytes of the accepted types: what a file says of itself is not taken on trust. */
const signatures: Readonly<Record<string, readonly number[]>> = { 'image/jpeg': [0xff, 0xd8, 0xff], 'image/png': [0x89, 0x50, 0x4e, 0x47], 'application/pdf': [0x25, 0x50, 0x44, 0x46] };

/** The scans. */
export class Documents {
  readonly #database: Kysely<AccessTables>;
  readonly #keys: KeyRing;
  readonly #now: () => number;

  constructor(database: Kysely<AccessTables>, keys: KeyRing, now: () => number) {
    this.#database = database;
    this.#keys = keys;
    this.#now = now;
  }

  /** Throws `DOCUMENT_INVALID`. */
  async store(id: string, owner: string, { kind, mediaType, bytes }: DocumentInput): Promise<DocumentRef> {
    const signature = signatures[mediaType] ?? [];
    if (!signature.every((byte, index) => bytes[index] === byte)) throw new AccessError('DOCUMENT_INVALID', { reason: { zh: `内容不是 ${mediaType}`, en: `its content is not ${mediaType}` } });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const row = { id, owner, kind, media_type: mediaType, sha256, sealed: await this.#keys.seal(bytes, context(id)), created_ms: this.#now(), request: null };
    // Counted where it is inserted, so that uploads at the same moment are counted too.
    await this.#database.transaction().execute(async (transaction) => {
      const { loose } = await transaction.selectFrom('document').select((expression) => expression.fn.countAll<number>().as('loose')).where('owner', '=', owner).where('request', 'is', null).executeTakeFirstOrThrow();
      if (loose >= looseAtOnce) throw new AccessError('DOCUMENT_INVALID', { reason: { zh: `已有 ${loose} 份未使用的材料，请先用于申请，或一天后再试`, en: `${loose} uploads of yours are not used yet; name them in a request, or try again in a day` } });
      await transaction.insertInto('document').values(row).execute();
    });
    return { id, kind, sha256 };
  }

  /** The papers that a person may name in a request: their own, not yet part of another. Throws `DOCUMENT_UNKNOWN`. */
  async refs(owner: string, ids: readonly string[], request?: string): Promise<readonly DocumentRef[]> {
    const unique = [...new Set(ids)];
    if (unique.length === 0) return [];
    const rows = await this.#database.selectFrom('document').select(['id', 'kind', 'sha256', 'request']).where('owner', '=', owner).where('id', 'in', unique).execute();
    return unique.map((id) => {
      const row = rows.find((one) => one.id === id && (one.request === null || one.request === request));
      if (!row) throw new AccessError('DOCUMENT_UNKNOWN', { document: id });
      return { id, kind: row.kind as DocumentRef['kind'], sha256: row.sha256 };
    });
  }

  /** Binds papers to a request, in its transaction. Throws `DOCUMENT_UNKNOWN` when another request took one at the same moment. */
  static async bind(database: Kysely<AccessTables>, request: string, papers: readonly Pick<DocumentRef, 'id'>[]): Promise<void> {
    for (const { id } of papers) {
      const { numUpdatedRows } = await database
        .updateTable('document')
        .set({ request })
        .where('id', '=', id)
        .where((where) => where.or([where('request', 'is', null), where('request', '=', request)]))
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new AccessError('DOCUMENT_UNKNOWN', { document: id });
    }
  }

  /** Opens a scan of a request. Throws `DOCUMENT_UNKNOWN`, or `DOCUMENT_INVALID` when what is on the disk is not what was uploaded. */
  async read(id: string, request: string): Promise<{ readonly mediaType: string; readonly bytes: Buffer }> {
    const row = await this.#database.selectFrom('document').selectAll().where('id', '=', id).where('request', '=', request).executeTakeFirst();
    if (!row) throw new AccessError('DOCUMENT_UNKNOWN', { document: id });
    try {
      const bytes = await this.#keys.open(row.sealed, context(id));
      if (createHash('sha256').update(bytes).digest('hex') !== row.sha256) throw new Error('its hash does not fit');
      return { mediaType: row.media_type, bytes };
    } catch (error) {
      if (error instanceof AccessError) throw error;
      throw new AccessError('DOCUMENT_INVALID', { reason: { zh: '存储内容已损坏或被改动', en: 'what is stored was damaged or changed' } }, { cause: error });
    }
  }

  /** Forgets what no request names, and the papers of requests that came to nothing: their hashes stay in the log and the request. */
  async sweep(): Promise<void> {
    const nowMs = this.#now();
    await this.#database.deleteFrom('document').where('request', 'is', null).where('created_ms', '<', nowMs - looseMs).execute();
    const futile = this.#database.selectFrom('request').select('id').where('state', 'in', ['denied', 'withdrawn', 'expired']);
    await this.#database.deleteFrom('document').where('request', 'in', futile).where('created_ms', '<', nowMs - futileMs).execute();
  }
}

const context = (id: string) => `document:${id}`;
