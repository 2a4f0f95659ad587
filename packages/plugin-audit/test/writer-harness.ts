// A log without a campus around it: the writer on a store, its reader and its mirror, with a key and a clock that the test holds.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { canonicalJson, type AuditEntry, type Connect, type Store, type StoreAddress } from '@wanglou/core';
import { createTestRandom } from '@wanglou/core/testing';
import { SqliteStore } from '@wanglou/store-sqlite';
import { commitmentOf, encodeEntry } from '../src/log/entry-codec.ts';
import { EntryReader } from '../src/log/entry-reader.ts';
import { LogWriter } from '../src/log/log-writer.ts';
import { Mirror } from '../src/mirror/mirror.ts';
import { noteKeyOf, type NoteKey } from '../src/note/note-key.ts';
import { auditMigrations, type AuditTables } from '../src/tables.ts';

export const origin = 'audit.example/test';

/** A key like the campus's own. */
export function newKey(name = origin): NoteKey {
  return noteKeyOf(newPrivateKey(), name);
}

export function newPrivateKey(): KeyObject {
  return createPrivateKey(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

/** The n-th of many entries that differ. */
export const entryOf = (n: number): AuditEntry => ({ kind: 'decision', atMs: 1_800_000_000_000 + n, principal: { kind: 'person', id: `p-${n % 7}` }, operation: 'test.do', resource: { cameras: [`cam-${n % 5}`] }, input: { n } });

/** The parts of a log. */
export interface TestLog extends AsyncDisposable {
  readonly store: Store;
  readonly writer: LogWriter;
  readonly reader: EntryReader;
  readonly mirror: Mirror;
  append(...entries: readonly AuditEntry[]): Promise<number>;
  /** Publishes the log as it is; answers the signed note. */
  publish(...cosignatures: readonly string[]): Promise<string>;
}

/** Opens a thread's connection as the log's thread does. */
export async function connectTo({ module, options }: StoreAddress): ReturnType<Connect> {
  const { connect } = (await import(module)) as { connect: Connect };
  return connect(options);
}

/** Opens the log of a folder; with `store`, on that store. */
export async function openLog(folder: string, key: NoteKey, store?: Store & AsyncDisposable): Promise<TestLog> {
  const on = store ?? (await SqliteStore.create(folder));
  const random = createTestRandom();
  try {
    const reader = new EntryReader(await on.open<AuditTables>('audit', auditMigrations));
    const writer = await LogWriter.open({ connect: () => connectTo(on.address('audit')), key });
    const mirror = await Mirror.open(join(folder, 'audit-mirror'), { tile: ({ level, index, width }) => writer.tile(level, index, width), entries: (fromSeq, count) => reader.bodies(fromSeq, count) });
    return {
      store: on,
      writer,
      reader,
      mirror,
      async append(...entries) {
        const pseudonyms = new Map<string, string>();
        for (const { principal } of entries) {
          if (pseudonyms.has(principal.id)) continue;
          let salt = await writer.salt(principal.id);
          if (!salt) writer.introduce([{ id: principal.id, salt: (salt = random.bytes(16)) }]);
          pseudonyms.set(principal.id, commitmentOf(salt, principal.id));
        }
        const { firstSeq } = await writer.append(entries.map((entry) => encodeEntry(entry, { canonical: canonicalJson, salt: random.bytes(16), pseudonym: (person) => pseudonyms.get(person)! })));
        return firstSeq;
      },
      async publish(...cosignatures) {
        const { size, note } = await writer.head();
        await mirror.publish(size, note + cosignatures.map((line) => `${line}\n`).join(''));
        await mirror.write('log.vkey', `${key.vkey}\n`);
        return note;
      },
      async [Symbol.asyncDispose]() {
        await writer.close();
        await on[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await on[Symbol.asyncDispose]();
    throw error;
  }
}
