// What every store must keep to, whatever database is behind it.
import type { Kysely } from 'kysely';
import type { Connect, Migration, Store, StoreConnection, StoreValue } from '../contracts/store.ts';
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

/** What was thrown, by its code; `nothing` when nothing was. */
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => (isCodedError(error) ? error.code : String(error)),
  );

/** Opens a namespace and a worker's connection to it, as a worker would. */
async function connectTo(store: Store, namespace = 'check'): Promise<StoreConnection> {
  await store.open<Tables>(namespace, [first, second]);
  const { module, options } = store.address(namespace);
  const { connect } = (await import(module)) as { connect: Connect };
  return connect(structuredClone(options));
}

async function withConnection(store: Store, work: (connection: StoreConnection) => Promise<void>): Promise<void> {
  const connection = await connectTo(store);
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}

const rowsOf = (...rows: (readonly StoreValue[])[]) => ({ into: 'thing', columns: ['id', 'name', 'bytes'], rows });
const plain = (rows: Awaited<ReturnType<StoreConnection['query']>>) => rows.map((row) => Object.values(row).map((value) => (value instanceof Uint8Array ? [...value] : value)));

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
    check('keeps tables whose rows are to lie in the order of their key, and everything else the same', async ({ store, reopen }) => {
      const clustered = { id: 1, name: 'make-pair', clustered: ['pair'], up: (database: Kysely<any>) => database.schema.createTable('pair').addColumn('left', 'text', (column) => column.notNull()).addColumn('right', 'bigint', (column) => column.notNull()).addPrimaryKeyConstraint('pair_key', ['left', 'right']).execute() } satisfies Migration;
      const database = await store.open<{ pair: { left: string; right: number } }>('check', [clustered]);
      await database.insertInto('pair').values([{ left: 'b', right: 2 }, { left: 'a', right: 3 }, { left: 'a', right: 1 }]).execute();
      const again = await (await reopen()).open<{ pair: { left: string; right: number } }>('check', [clustered]);
      equal((await again.selectFrom('pair').selectAll().where('left', '=', 'a').orderBy('right').execute()).map(({ right }) => right), [1, 3], 'rows');
    }),
    check('refuses tables made by a later version', async ({ store, reopen }) => {
      await store.open<Tables>('check', [first, second]);
      equal(await failureOf((await reopen()).open<Tables>('check', [first])), 'STORE_NEWER', 'failure');
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
    check('gives numbers of a time, sums and counts as numbers', async ({ store }) => {
      const database = await store.open<Tables>('check', [first, second]);
      const timeMs = 4_102_444_800_000;
      for (const id of [timeMs, timeMs + 1]) await database.insertInto('thing').values({ id, name: 'x', bytes: null }).execute();
      const row = await database
        .selectFrom('thing')
        .select((expression) => [expression.fn.max('id').as('last'), expression.fn.sum('id').as('sum'), expression.fn.countAll().as('count')])
        .executeTakeFirstOrThrow();
      equal([row.last, row.sum, row.count], [timeMs + 1, 2 * timeMs + 1, 2], 'row');
    }),
    check('says how many rows a statement changed', async ({ store }) => {
      const database = await store.open<Tables>('check', [first, second]);
      const insert = () => database.insertInto('thing').values({ id: 1, name: 'x', bytes: null }).onConflict((conflict) => conflict.doNothing()).executeTakeFirstOrThrow();
      equal([await insert(), await insert()].map((result) => Number(result.numInsertedOrUpdatedRows)), [1, 0], 'inserted');
      equal(Number((await database.updateTable('thing').set({ name: 'y' }).executeTakeFirstOrThrow()).numUpdatedRows), 1, 'updated');
      equal(Number((await database.deleteFrom('thing').where('id', '=', 2).executeTakeFirstOrThrow()).numDeletedRows), 0, 'deleted');
    }),
    check('lets no transaction see another one half-way: two that count and then write leave no gap', async ({ store }) => {
      const database = await store.open<Tables>('check', [first, second]);
      const append = () =>
        database.transaction().execute(async (transaction) => {
          const { last } = await transaction.selectFrom('thing').select((expression) => expression.fn.coalesce(expression.fn.max('id'), expression.lit(0)).as('last')).executeTakeFirstOrThrow();
          await transaction.insertInto('thing').values({ id: last + 1, name: `n${last + 1}`, bytes: null }).execute();
        });
      await Promise.all(Array.from({ length: 8 }, append));
      equal((await names(database)).at(-1), 'n8', 'last name');
    }),
    check('a transaction that goes on after a refused statement is kept whole or not at all, as it was told', async ({ store }) => {
      const database = await store.open<Tables>('check', [first, second]);
      const settled = await failureOf(
        database.transaction().execute(async (transaction) => {
          await transaction.insertInto('thing').values({ id: 1, name: 'one', bytes: null }).execute();
          await transaction.insertInto('thing').values({ id: 1, name: 'again', bytes: null }).execute().catch(() => undefined);
        }),
      );
      equal(await names(database), settled === 'nothing' ? ['one'] : [], 'names');
    }),
    check('a connection of a worker commits rows in their order and statements, and keeps values exactly', async ({ store }) =>
      withConnection(store, async (connection) => {
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
        const odd = `"{'?'}\\ \n,NULL 望楼 $1`;
        await connection.commit([
          rowsOf([1, odd, bytes], [2, '', null], [9_007_199_254_740_991, 'NULL', new Uint8Array(0)]),
          { sql: "UPDATE thing SET name = ? WHERE id = ? AND name <> '?'", parameters: ['second', 2] },
          rowsOf([3, 'third', bytes.subarray(250)]),
        ]);
        equal(
          plain(await connection.query('SELECT id, name, bytes FROM thing WHERE id > ? ORDER BY id', [0])),
          [[1, odd, [...bytes]], [2, 'second', null], [3, 'third', [250, 251, 252, 253, 254, 255]], [9_007_199_254_740_991, 'NULL', []]],
          'rows',
        );
        const [row] = await connection.query('SELECT bytes FROM thing WHERE id = 1', []);
        equal(Object.getPrototypeOf(row?.['bytes']) === Uint8Array.prototype, true, 'bytes are plain');
      })),
    check('a connection of a worker commits all or nothing, and goes on after a refusal', async ({ store }) =>
      withConnection(store, async (connection) => {
        await connection.commit([rowsOf([1, 'one', null])]);
        const statement = { sql: 'INSERT INTO thing (id, name) VALUES (?, ?)', parameters: [5, 'five'] };
        equal((await failureOf(connection.commit([statement, rowsOf([2, 'two', null], [1, 'again', null])]))) === 'nothing', false, 'a refusal is told');
        equal((await failureOf(connection.commit([rowsOf([3, 'three', null]), { sql: 'INSERT INTO nowhere VALUES (?)', parameters: [1] }]))) === 'nothing', false, 'a refusal is told');
        await connection.commit([]);
        await connection.commit([rowsOf()]);
        await connection.commit([statement, rowsOf([4, 'four', null])]);
        equal(plain(await connection.query('SELECT id FROM thing ORDER BY id', [])), [[1], [4], [5]], 'ids');
      })),
    check('a connection of a worker takes many rows at once, and commits that do not wait for one another in their order', async ({ store }) =>
      withConnection(store, async (connection) => {
        const many = Array.from({ length: 5000 }, (_, index) => [index, `n${index}`, null] as const);
        await Promise.all([connection.commit([rowsOf(...many)]), ...Array.from({ length: 5 }, (_, index) => connection.commit([{ sql: 'UPDATE thing SET name = ? WHERE id = 0', parameters: [`last ${index}`] }]))]);
        equal(plain(await connection.query('SELECT count(*) AS count, max(id) AS last FROM thing', [])), [[5000, 4999]], 'rows');
        equal(plain(await connection.query('SELECT name FROM thing WHERE id = 0', [])), [['last 4']], 'name');
      })),
    check('what a connection of a worker committed is seen by the others, and found again', async ({ store, reopen }) => {
      await withConnection(store, async (connection) => {
        await connection.commit([rowsOf([1, 'kept', null])]);
        const database = await store.open<Tables>('check', [first, second]);
        equal(await names(database), ['kept'], 'names beside');
        await database.insertInto('thing').values({ id: 2, name: 'beside', bytes: null }).execute();
        equal(plain(await connection.query('SELECT name FROM thing ORDER BY id', [])), [['kept'], ['beside']], 'names of the connection');
      });
      equal(await names(await (await reopen()).open<Tables>('check', [first, second])), ['kept', 'beside'], 'names again');
    }),
    check('refuses a second connection to a namespace while the first lives, and no other', async ({ store }) => {
      await withConnection(store, async () => {
        equal(await failureOf(connectTo(store)), 'STORE_IN_USE', 'second connection');
        await (await connectTo(store, 'other')).close();
      });
      await withConnection(store, (connection) => connection.commit([rowsOf([1, 'welcome', null])]));
    }),
    check('a connection that was closed takes nothing more', async ({ store }) => {
      const connection = await connectTo(store);
      await connection.close();
      equal((await failureOf(connection.commit([rowsOf([1, 'late', null])]))) === 'nothing', false, 'a late commit is refused');
    }),
  ];
}
