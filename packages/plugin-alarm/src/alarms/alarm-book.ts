// The alarms: open ones in memory, all of them as steps in a table that is only added to. What a person did and settled is on disk, so no alarm's state goes back.
import type { Alarm, AlarmStep } from '@wanglou/core';
import type { Kysely } from 'kysely';
import type { AlarmTables } from '../tables.ts';
import { after, isDecided, refusalOf, type Refusal } from './life.ts';

/** What a source says. */
export type Signal = Pick<Alarm, 'source' | 'priority' | 'title' | 'cameras' | 'raisedMs'>;

/** What a change of an alarm came to. */
export type Outcome = { readonly alarm: Alarm; readonly isChanged: boolean } | { readonly refusal: Refusal; readonly alarm: Alarm };

/** Settings of an {@link AlarmBook}. */
export interface AlarmBookOptions {
  readonly database: Kysely<AlarmTables>;
  readonly now: () => number;
  readonly newId: () => string;
  /** Something is kept in memory alone, since the store refused it; told each time. */
  readonly unwritten: (error: unknown) => void;
}

/** Repeats of an open alarm are counted, and written down once in this time. */
const foldMs = 60_000;
const alarmsAtOnce = 500;

/** All alarms. Changes of one source take turns; those of different sources share commits. */
export class AlarmBook {
  readonly #options: AlarmBookOptions;
  readonly #open = new Map<string, Alarm>();
  /** The alarm of a source that is not decided yet. */
  readonly #undecided = new Map<string, string>();
  readonly #turns = new Map<string, Promise<unknown>>();
  /** Repeats that are counted and not written down yet. */
  readonly #folded = new Map<string, number>();
  readonly #unwritten = new Map<string, readonly AlarmTables['alarm_step'][]>();

  private constructor(options: AlarmBookOptions) {
    this.#options = options;
  }

  /** Reads what is open. */
  static async load(options: AlarmBookOptions): Promise<AlarmBook> {
    const book = new AlarmBook(options);
    const { database } = options;
    const open = await database.selectFrom('alarm_step').select('alarm').where('kind', '=', 'received')
      .where(({ not, exists, selectFrom }) => not(exists(selectFrom('alarm_step as later').select('later.number').whereRef('later.alarm', '=', 'alarm_step.alarm').where('later.kind', '=', 'closed'))))
      .execute();
    for (const alarm of await read(database, open.map(({ alarm: id }) => id))) book.#keep(alarm);
    return book;
  }

  /** Alarms that are not closed. */
  get open(): readonly Alarm[] {
    return [...this.#open.values()].map((alarm) => this.#counted(alarm));
  }

  /** Alarms that were received in [fromMs, toMs), open and closed: the newest, where a limit is given. */
  async between(fromMs: number, toMs: number, limit?: number): Promise<readonly Alarm[]> {
    const { database } = this.#options;
    const all = database.selectFrom('alarm_step').select('alarm').where('kind', '=', 'received').where('at_ms', '>=', fromMs).where('at_ms', '<', toMs).orderBy('at_ms', 'desc');
    const found = await (limit === undefined ? all : all.limit(limit)).execute();
    return (await read(database, found.map(({ alarm }) => alarm))).map((alarm) => this.#counted(this.#open.get(alarm.id) ?? alarm));
  }

  /** A source raises an alarm: a new one, or again the one that is not decided yet. */
  raise(signal: Signal): Promise<Outcome> {
    return this.#turn(signal.source, async () => {
      const nowMs = this.#options.now();
      const before = this.#open.get(this.#undecided.get(signal.source) ?? '');
      if (before === undefined) return this.#receive(signal, nowMs);
      const times = (this.#folded.get(before.id) ?? 0) + 1;
      const isFresh = before.restoredMs === undefined && nowMs - before.newestMs < foldMs;
      if (isFresh) {
        this.#folded.set(before.id, times);
        return { alarm: this.#counted(before), isChanged: false };
      }
      this.#folded.delete(before.id);
      return this.#append(before, { kind: 'raised-again', atMs: nowMs, ...(times > 1 && { times }) });
    });
  }

  /** A source is well again: each of its open alarms is restored. Closing them is for persons. */
  async restore(source: string): Promise<readonly Outcome[]> {
    return this.#turn(source, async () => {
      const outcomes: Outcome[] = [];
      for (const alarm of [...this.#open.values()].filter((open) => open.source === source && open.restoredMs === undefined)) outcomes.push(await this.#append(alarm, { kind: 'restored', atMs: this.#options.now() }));
      return outcomes;
    });
  }

  /** Takes a step with an alarm; `undefined` when there is none. The step is made of the alarm as it is when its turn comes; none is no change. */
  async step(id: string, make: (alarm: Alarm) => AlarmStep | undefined): Promise<Outcome | undefined> {
    const known = await this.#find(id);
    if (known === undefined) return undefined;
    return this.#turn(known.source, async () => {
      // It may have been closed while this waited for its turn.
      const alarm = (await this.#find(id)) ?? known;
      const step = make(alarm);
      if (step === undefined) return { alarm: this.#counted(alarm), isChanged: false };
      const refusal = refusalOf(alarm, step);
      return refusal === undefined ? this.#append(alarm, step) : { refusal, alarm };
    });
  }

  /** An alarm as its steps make it: repeats that are not written down are counted on the way out alone. */
  async #find(id: string): Promise<Alarm | undefined> {
    return this.#open.get(id) ?? (await read(this.#options.database, [id]))[0];
  }

  async #receive({ source, priority, title, cameras, raisedMs }: Signal, nowMs: number): Promise<Outcome> {
    const alarm = received({ id: this.#options.newId(), source, priority, title, cameras, raisedMs }, nowMs);
    await this.#write(alarm.id, 0, { kind: 'received', atMs: nowMs, source, priority, title, cameras, raisedMs });
    this.#keep(alarm);
    return { alarm, isChanged: true };
  }

  async #append(alarm: Alarm, step: AlarmStep): Promise<Outcome> {
    await this.#write(alarm.id, alarm.steps.length, step);
    const next = after(alarm, step);
    this.#keep(next);
    return { alarm: this.#counted(next), isChanged: true };
  }

  /** Writes down what had to wait, when the store takes it again. */
  async flush(): Promise<void> {
    for (const alarm of this.#unwritten.keys()) {
      const source = this.#open.get(alarm)?.source ?? alarm;
      await this.#turn(source, () => this.#insert(alarm, this.#unwritten.get(alarm) ?? []));
    }
  }

  /**
   * A step of a person is taken when it is on disk. What nobody did, such as a fire that is received, must not wait for a disk: where the store refuses, it
   * stays in memory, goes on to the screens, and is written before anything else of the alarm.
   */
  async #write(alarm: string, number: number, { kind, atMs, ...content }: AlarmStep & Partial<Signal>): Promise<void> {
    const rows = [...(this.#unwritten.get(alarm) ?? []), { alarm, number, kind, at_ms: atMs, content: JSON.stringify(content) }];
    try {
      await this.#insert(alarm, rows);
    } catch (error) {
      if (content.person !== undefined) throw error;
      this.#unwritten.set(alarm, rows);
      this.#options.unwritten(error);
    }
  }

  async #insert(alarm: string, rows: readonly AlarmTables['alarm_step'][]): Promise<void> {
    if (rows.length > 0) await this.#options.database.insertInto('alarm_step').values(rows).execute();
    this.#unwritten.delete(alarm);
  }

  #keep(alarm: Alarm): void {
    if (alarm.state === 'closed') {
      this.#open.delete(alarm.id);
      this.#folded.delete(alarm.id);
    } else this.#open.set(alarm.id, alarm);
    if (!isDecided(alarm)) this.#undecided.set(alarm.source, alarm.id);
    else if (this.#undecided.get(alarm.source) === alarm.id) this.#undecided.delete(alarm.source);
  }

  #counted(alarm: Alarm): Alarm {
    const folded = this.#folded.get(alarm.id);
    return folded === undefined ? alarm : { ...alarm, count: alarm.count + folded };
  }

  #turn<T>(source: string, task: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(source) ?? Promise.resolve()).then(task);
    const settled = turn.catch(() => undefined).then(() => {
      if (this.#turns.get(source) === settled) this.#turns.delete(source);
    });
    this.#turns.set(source, settled);
    return turn;
  }
}

function received(signal: Signal & { readonly id: string }, atMs: number): Alarm {
  return { ...signal, state: 'received', receivedMs: atMs, count: 1, newestMs: atMs, steps: [{ kind: 'received', atMs }] };
}

/** Makes alarms of their steps, in the order of the ids. */
async function read(database: Kysely<AlarmTables>, ids: readonly string[]): Promise<readonly Alarm[]> {
  const alarms = new Map<string, Alarm>();
  for (let start = 0; start < ids.length; start += alarmsAtOnce) {
    const rows = await database.selectFrom('alarm_step').selectAll().where('alarm', 'in', ids.slice(start, start + alarmsAtOnce)).orderBy('alarm').orderBy('number').execute();
    for (const { alarm: id, kind, at_ms: atMs, content } of rows) {
      const before = alarms.get(id);
      const fields = JSON.parse(content);
      alarms.set(id, before === undefined ? received({ id, ...fields }, atMs) : after(before, { kind: kind as AlarmStep['kind'], atMs, ...fields }));
    }
  }
  return ids.flatMap((id) => alarms.get(id) ?? []);
}
