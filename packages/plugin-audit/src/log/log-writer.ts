// The one writer: entries into leaves, leaves into the tree, the tree's root under the key, all of it in one commit.
import type { StoreConnection, StoreValue, StoreWrite } from '@wanglou/core';
import { AuditError } from '../errors.ts';
import { checkpointText, signedNote } from '../note/checkpoint.ts';
import type { NoteKey } from '../note/note-key.ts';
import { TreeEdge, type FullTile } from '../tree/edge.ts';
import { hashBytes, leafHash } from '../tree/hash.ts';
import { Prover } from '../tree/proofs.ts';
import { hashesOf, tileWidth } from '../tree/tile.ts';
import type { EncodedEntry } from './entry-codec.ts';
import type { NewPerson } from './protocol.ts';

/** What the writer needs from outside. */
export interface LogWriterOptions {
  /** Opens the tables with the right to write; asked again after a connection was lost. */
  connect(): Promise<StoreConnection>;
  readonly key: NoteKey;
}

/** The newest commit, signed when it is asked for: a signature for every commit would cost more than the commit's hashes. */
export interface SignedHead {
  readonly size: number;
  readonly root: Buffer;
  /** The checkpoint as a signed note with the log's signature alone. */
  readonly note: string;
}

/** Where the entries of one commit came to lie. */
export interface Appended {
  readonly firstSeq: number;
  /** Their leaf hashes, one after the other. */
  readonly hashes: Buffer;
}

/** Appends to the log, and reads what proofs need. One call at a time. */
export class LogWriter {
  readonly #options: LogWriterOptions;
  readonly #prover: Prover;
  #connection: StoreConnection | undefined;
  #edge = new TreeEdge();
  #newPersons: NewPerson[] = [];
  /** What was acknowledged: a store that has less was set back. */
  #acknowledged = 0;

  private constructor(options: LogWriterOptions) {
    this.#options = options;
    this.#prover = new Prover((level, index, width) => this.tile(level, index, width));
  }

  /**
   * Opens the log at its end.
   *
   * @throws AuditError `AUDIT_BROKEN` when the end is not what this campus's key has written: adding to a log that was changed would
   * sign the change; `AUDIT_OLD_FORMAT`
   */
  static async open(options: LogWriterOptions): Promise<LogWriter> {
    const writer = new LogWriter(options);
    try {
      await writer.#load(await writer.#connected());
    } catch (error) {
      await writer.close();
      throw error;
    }
    return writer;
  }

  async head(): Promise<SignedHead> {
    // After a commit that failed the edge is ahead of the disk, and what is signed can never be taken back.
    await this.#connected();
    const { key } = this.#options;
    const text = this.#text();
    return { size: this.#edge.size, root: this.#edge.root(), note: signedNote(text, [key.line(key.sign(text))]) };
  }

  /** Appends entries in one commit: all of them or none. */
  async append(entries: readonly EncodedEntry[]): Promise<Appended> {
    // First: after a lost connection the end of the log is read again.
    await this.#connected();
    const firstSeq = this.#edge.size;
    const hashes: Buffer[] = [];
    const tiles: FullTile[] = [];
    for (const { body } of entries) {
      const hash = leafHash(Buffer.from(body));
      const filled = this.#edge.append(hash);
      if (filled.length > 0) tiles.push(...filled);
      hashes.push(hash);
    }
    await this.#commit(writesOf(firstSeq, entries, this.#options.key.mac(this.#text()), tiles, this.#newPersons));
    this.#newPersons = [];
    this.#acknowledged = this.#edge.size;
    return { firstSeq, hashes: Buffer.concat(hashes) };
  }

  /** Remembers the salts of persons who act for the first time: they go to disk with the next commit, at the latest with the entry that needs them. */
  introduce(persons: readonly NewPerson[]): void {
    this.#newPersons.push(...persons);
  }

  /** Salt of a person's pseudonym; `undefined` for somebody who has not acted yet. */
  async salt(person: string): Promise<Uint8Array | undefined> {
    const known = this.#newPersons.find(({ id }) => id === person);
    if (known) return known.salt;
    const [row] = await this.#query('SELECT salt FROM person WHERE id = ?', [person]);
    return row?.['salt'] as Uint8Array | undefined;
  }

  /** Bytes of a tile's first hashes. */
  async tile(level: number, index: number, width: number): Promise<Buffer> {
    await this.#connected();
    const count = hashesOf(level, this.#edge.size);
    if (Math.floor(count / tileWidth) === index) return this.#edge.partial(level, width);
    const [row] = await this.#query('SELECT hashes FROM tile WHERE level = ? AND place = ?', [level, index]);
    if (!row) throw new AuditError('AUDIT_BROKEN', { seq: index * tileWidth ** (level + 1), reason: { en: `tile ${index} of level ${level} is missing`, zh: `缺少第 ${level} 层第 ${index} 块` } });
    return Buffer.from(row['hashes'] as Uint8Array).subarray(0, width * hashBytes);
  }

  root(size: number): Promise<Buffer> {
    return this.#prover.root(size);
  }

  inclusion(seq: number, size: number): Promise<readonly Buffer[]> {
    return this.#prover.inclusion(seq, size);
  }

  consistency(before: number, size: number): Promise<readonly Buffer[]> {
    return this.#prover.consistency(before, size);
  }

  /** Deletes a person's salt: their pseudonym tells nobody any more whose it is. The next act of the person has another one. */
  async eraseSalt(person: string): Promise<void> {
    await this.#commit([{ sql: 'DELETE FROM person WHERE id = ?', parameters: [person] }]);
  }

  /** Deletes the private parts of a stretch that name a person, as a value of its own or as the end of a `<kind>:<id>`; answers how many. */
  async erasePrivateParts(person: string, fromSeq: number, toSeq: number): Promise<number> {
    const escaped = JSON.stringify(person).slice(1).replaceAll(/[\\%_]/g, '\\$&');
    const where = `WHERE seq >= ? AND seq < ? AND (body LIKE ? ESCAPE '\\' OR body LIKE ? ESCAPE '\\')`;
    const parameters = [fromSeq, toSeq, `%"${escaped}%`, `%:${escaped}%`];
    const [row] = await this.#query(`SELECT COUNT(*) AS count FROM private_part ${where}`, parameters);
    const count = Number(row?.['count'] ?? 0);
    if (count > 0) await this.#commit([{ sql: `DELETE FROM private_part ${where}`, parameters }]);
    return count;
  }

  /** Forgets the entries below `seq`, a multiple of 256; their hashes stay. */
  async prune(seq: number): Promise<void> {
    await this.#commit([
      { sql: 'DELETE FROM minimum_index', parameters: [] },
      { into: 'minimum_index', columns: ['id', 'seq'], rows: [[1, seq]] },
      { sql: 'DELETE FROM private_part WHERE seq < ?', parameters: [seq] },
      { sql: 'DELETE FROM entry WHERE seq < ?', parameters: [seq] },
    ]);
  }

  async close(): Promise<void> {
    await this.#connection?.close();
    this.#connection = undefined;
  }

  async #query(sql: string, parameters: readonly StoreValue[]): ReturnType<StoreConnection['query']> {
    return this.#unlessLost((await this.#connected()).query(sql, parameters));
  }

  async #commit(writes: readonly StoreWrite[]): Promise<void> {
    await this.#unlessLost((await this.#connected()).commit(writes));
  }

  /** A connection that failed is not used again: after a commit nobody knows whether it is on disk, and the next use looks. */
  async #unlessLost<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const connection = this.#connection;
      this.#connection = undefined;
      await connection?.close().catch(() => undefined);
      throw error;
    }
  }

  async #connected(): Promise<StoreConnection> {
    if (this.#connection) return this.#connection;
    const connection = await this.#options.connect();
    try {
      if (this.#edge.size > 0) await this.#load(connection);
    } catch (error) {
      await connection.close();
      throw error;
    }
    return (this.#connection = connection);
  }

  /** Reads the end of the log from the tables and checks it against the key. */
  async #load(connection: StoreConnection): Promise<void> {
    const [last] = await connection.query('SELECT seq, mac FROM entry ORDER BY seq DESC LIMIT 1', []).catch((cause: unknown) => {
      throw /no such table|does not exist/.test(String(cause)) ? new AuditError('AUDIT_OLD_FORMAT', {}, { cause }) : cause;
    });
    const size = last ? Number(last['seq']) + 1 : 0;
    const broken = (en: string, zh: string) => new AuditError('AUDIT_BROKEN', { seq: Math.max(0, size - 1), reason: { en, zh } });
    if (size < this.#acknowledged) throw new AuditError('AUDIT_ROLLED_BACK', { size, known: this.#acknowledged });
    let edge: TreeEdge;
    try {
      edge = await TreeEdge.restore(size, async (level, count) => {
        const first = hashesOf(level, size) - count;
        if (level === 0) return (await connection.query('SELECT body FROM entry WHERE seq >= ? ORDER BY seq', [first])).map((row) => leafHash(Buffer.from(row['body'] as string)));
        return (await connection.query('SELECT root FROM tile WHERE level = ? AND place >= ? ORDER BY place', [level - 1, first])).map((row) => Buffer.from(row['root'] as Uint8Array));
      });
    } catch (error) {
      throw broken((error as Error).message, `树的末端不完整（${(error as Error).message}）`);
    }
    const { key } = this.#options;
    const text = checkpointText(key.name, size, edge.root());
    if (last && !key.hasMac(text, (last['mac'] as Uint8Array | null) ?? new Uint8Array())) throw broken(`its end was not written with the key of ${key.name}: the entries were changed by something else than this campus, or audit-key.pem or the origin is another one now`, `其末端不是以 ${key.name} 的密钥写入：条目曾被本系统以外的程序改动，或 audit-key.pem、日志名称已被更换`);
    this.#edge = edge;
    this.#acknowledged = size;
  }

  #text(): string {
    return checkpointText(this.#options.key.name, this.#edge.size, this.#edge.root());
  }
}

function writesOf(firstSeq: number, entries: readonly EncodedEntry[], mac: Uint8Array, tiles: readonly FullTile[], persons: readonly NewPerson[]): readonly StoreWrite[] {
  const last = entries.length - 1;
  const writes: StoreWrite[] = [{ into: 'entry', columns: ['seq', 'body', 'mac'], rows: entries.map(({ body }, place) => [firstSeq + place, body, place === last ? mac : null]) }];
  const hidden = entries.flatMap(({ privatePart }, place) => (privatePart ? [[firstSeq + place, privatePart.salt, privatePart.body]] : []));
  if (hidden.length > 0) writes.push({ into: 'private_part', columns: ['seq', 'salt', 'body'], rows: hidden });
  // After a commit whose answer was lost they may be there already.
  for (const { id, salt } of persons) writes.push({ sql: 'INSERT INTO person (id, salt) VALUES (?, ?) ON CONFLICT (id) DO NOTHING', parameters: [id, salt] });
  if (tiles.length > 0) writes.push({ into: 'tile', columns: ['level', 'place', 'hashes', 'root'], rows: tiles.map(({ level, index, hashes, root }) => [level, index, hashes, root]) });
  return writes;
}
