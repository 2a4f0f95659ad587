// What every store must keep to, whatever database is behind it.
import type { Kysely } from 'kysely';
import type { Migration, Store } from '../contracts/store.ts';
import { isCodedError } from '../errors.ts';
import type { Check } from './plugin-checks.ts';

interface Tables {
  thing: { id: number; name: string; bytes: Uint8Array | null };
}

const first: Migration = {
  id: 1,
  name: 'things',
  up: async (database) => {
    await database.schema.createTable('thing').addColumn('id', 'integer', (column) => column.primaryKey()).addColumn('name', 'text', (column) => column.notNull()).execute();
  },
};
const second: Migration = { id: 2, name: 'bytes', up: async (database) => void (await database.schema.alterTable('thing').addColumn('bytes', 'blob').execute()) };

function equal(actual: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

const names = async (database: Kysely<Tables>) => (await database.selectFrom('thing').select('name').orderBy('id').execute()).map((row) => row.name);

/**
 * The store contract as checks.
 *
 * @param make gives a fresh store, and the same one again (`reopen`) after everything of it was closed
 */
export function storeChecks(make: () => Promise<{ readonly store: Store; reopen(): Promise<Store>; close(): Promise<void> }>): readonly Check[] {
  const check = (name: string, run: (made: Awaited<ReturnType<typeof make>>) => Promise<void>): Check => ({
    name,
    async run() {
      const made = await make();
      try {
        await run(made);
      } finally {
        await made.close();
      }
    },
  });
  return [
    check('writes, reads, and keeps bytes exactly', async ({ store }) => {
      const database = await store.open<Tables>('check', [first, second]);
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      await database.insertInto('thing').values({ id: 1, name: '望楼', bytes }).execute();
      const row = await database.selectFrom('thing').selectAll().executeTakeFirstOrThrow();
      equal([row.id, row.name, [...(row.bytes ?? [])]], [1, '望楼', [...bytes]], 'row');
    }),
    check('runs migrations once, in order, also when the tables are older', async ({ store, reopen }) => {
      const old = await store.open<Tables>('check', [first]);
      await old.insertInto('thing').values({ id: 1, name: 'kept' } as Tables['thing']).execute();
      const database = await (await reopen()).open<Tables>('check', [first, second]);
      await database.insertInto('thing').values({ id: 2, name: 'new', bytes: null }).execute();
      equal(await names(database), ['kept', 'new'], 'names');
    }),
    check('refuses tables made by a later version', async ({ store, reopen }) => {
      await store.open<Tables>('check', [first, second]);
      const failure = await (await reopen()).open<Tables>('check', [first]).then(
        () => 'nothing',
        (error: unknown) => (isCodedError(error) ? error.code : String(error)),
      );
      equal(failure, 'STORE_NEWER', 'failure');
    }),
    check('rolls a failed transaction back and goes on', async ({ store }) => {
      const database = await store.open<Tables>('check', [first, second]);
      await database
        .transaction()
        .execute(async (transaction) => {
          await transaction.insertInto('thing').values({ id: 1, name: 'gone', bytes: null }).execute();
          throw new Error('on purpose');
        })
        .then(
          () => equal('committed', 'rolled back', 'transaction'),
          () => undefined,
        );
      await database.insertInto('thing').values({ id: 2, name: 'stays', bytes: null }).execute();
      equal(await names(database), ['stays'], 'names');
    }),
    check('keeps transactions apart from statements beside them', async ({ store }) => {
      const database = await store.open<Tables>('check', [first, second]);
      await Promise.all([
        database.transaction().execute(async (transaction) => {
          await transaction.insertInto('thing').values({ id: 1, name: 'a', bytes: null }).execute();
          await transaction.insertInto('thing').values({ id: 2, name: 'b', bytes: null }).execute();
        }),
        ...Array.from({ length: 20 }, (_, index) => database.insertInto('thing').values({ id: 10 + index, name: `s${index}`, bytes: null }).execute()),
      ]);
      equal((await names(database)).length, 22, 'rows');
    }),
    check('a refused statement harms none that were committed with it', async ({ store }) => {
      const database = await store.open<Tables>('check', [first, second]);
      const insert = (id: number) => database.insertInto('thing').values({ id, name: `n${id}`, bytes: null }).execute();
      const results = await Promise.allSettled([insert(1), insert(1), insert(2), insert(3)]);
      equal(results.map((result) => result.status), ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'], 'results');
      equal(await names(database), ['n1', 'n2', 'n3'], 'names');
    }),
    check('keeps namespaces apart', async ({ store }) => {
      const one = await store.open<Tables>('one', [first, second]);
      const two = await store.open<Tables>('two', [first, second]);
      await one.insertInto('thing').values({ id: 1, name: 'one', bytes: null }).execute();
      equal(await names(two), [], 'names of the other namespace');
    }),
    check('finds everything again after it was closed', async ({ store, reopen }) => {
      const database = await store.open<Tables>('check', [first, second]);
      await database.insertInto('thing').values({ id: 1, name: 'kept', bytes: null }).execute();
      equal(await names(await (await reopen()).open<Tables>('check', [first, second])), ['kept'], 'names');
    }),
  ];
}
