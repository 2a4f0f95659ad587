// A monitoring centre for tests: the real server on free ports of this machine, on real tables, with a clock that stands still.
import { createTestClock, type TestClock } from '@wanglou/core/testing';
import { SqliteStore } from '@wanglou/store-sqlite';
import type { DutyCheckEnd, FireFrame, FireJournal, FireProblem, FireSignal } from '../../src/contract.ts';
import { standardProfile } from '../../src/gb26875.ts';
import { FireServer, fireMigrations, Journal, type Device, type FireServerOptions, type FireTables } from '../../src/index.ts';

/** The device that tests mostly have. */
export const library: Device = { id: 'library', address: 889, peers: ['127.0.0.1'], profile: standardProfile, heartbeatSeconds: 30 };

/** What a {@link Centre} may be told. */
export interface CentreOptions {
  readonly clock?: TestClock;
  readonly devices?: readonly Device[];
  readonly server?: Partial<FireServerOptions>;
  /** Stands before the journal, to let it fail or wait. */
  readonly wrap?: (journal: FireJournal) => FireJournal;
  /** Hears each signal at once. */
  readonly told?: (signal: FireSignal) => void;
}

/** A running centre and all that it told. */
export class Centre implements AsyncDisposable {
  readonly signals: FireSignal[] = [];
  readonly problems: FireProblem[] = [];
  readonly dutyChecks: DutyCheckEnd[] = [];
  /** Messages of the log, with their fields. */
  readonly logged: { readonly message: string; readonly fields: object }[];
  readonly clock: TestClock;
  readonly journal: FireJournal;
  readonly server: FireServer;
  readonly #store: SqliteStore;
  readonly #whole: Journal;

  private constructor(clock: TestClock, store: SqliteStore, journal: Journal, server: FireServer, logged: Centre['logged']) {
    this.logged = logged;
    this.clock = clock;
    this.#store = store;
    this.#whole = journal;
    this.journal = journal.of('gb26875');
    this.server = server;
  }

  static async start(folder: string, { clock = createTestClock(), devices = [library], server: more, wrap = (journal) => journal, told }: CentreOptions = {}): Promise<Centre> {
    const store = await SqliteStore.create(folder);
    const logged: Centre['logged'] = [];
    const write = (fields: object, message = ''): void => void logged.push({ message, fields });
    const log = { debug: write, info: write, warn: write, error: write };
    const journal = await Journal.open({ database: await store.open<FireTables>('fire', fireMigrations), clock, log });
    const server = new FireServer({ devices, tcp: { host: '127.0.0.1', port: 0, linkLimit: 1000 }, udp: { host: '127.0.0.1', port: 0 }, offsetMinutes: 480, pollMinutes: 10, ...more });
    const centre = new Centre(clock, store, journal, server, logged);
    await server.start({
      journal: wrap(centre.journal), clock, log,
      emit: (signal) => {
        told?.(signal);
        centre.signals.push(signal);
      },
      problem: (problem) => void centre.problems.push(problem),
      dutyCheckEnded: (end) => void centre.dutyChecks.push(end),
    });
    return centre;
  }

  get port(): number {
    return this.server.tcpPort!;
  }

  /** What was told, in short. */
  get told(): readonly string[] {
    return this.signals.map(({ condition, active, pointKey, quality }) => `${active ? '+' : '-'}${condition} ${pointKey.replace(/^uitd\//, '')}${quality === 'live' ? '' : ` ${quality}`}`);
  }

  /** All stored messages. */
  frames(): Promise<readonly FireFrame[]> {
    return this.journal.since(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
    await this.#whole.close();
    await this.#store[Symbol.asyncDispose]();
  }
}
