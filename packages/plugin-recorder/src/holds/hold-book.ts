// Holds: a few rows, all in memory, so that every question is answered at once. Rows are never deleted.
import type { Hold, HoldLift } from '@wanglou/core';
import type { Kysely } from 'kysely';
import type { HoldTable, RecorderTables } from '../catalog/tables.ts';

/** What is changed of a hold. */
export interface HoldChange {
  readonly endsMs?: number | undefined;
  readonly lift?: HoldLift | undefined;
  readonly state?: Hold['state'];
}

/** The holds. A change is in force when its promise settles, and only if it is in the table. */
export class HoldBook {
  readonly #database: Kysely<RecorderTables>;
  readonly #holds = new Map<string, Hold>();
  /** Holds in force, by camera. */
  readonly #byCamera = new Map<string, Hold[]>();

  private constructor(database: Kysely<RecorderTables>) {
    this.#database = database;
  }

  static async load(database: Kysely<RecorderTables>): Promise<HoldBook> {
    const book = new HoldBook(database);
    for (const row of await database.selectFrom('recorder_hold').selectAll().orderBy('placed_ms').orderBy('id').execute()) book.#take(fromRow(row));
    return book;
  }

  get(id: string): Hold | undefined {
    return this.#holds.get(id);
  }

  /** Newest first. */
  get all(): readonly Hold[] {
    return [...this.#holds.values()].reverse();
  }

  get inForce(): readonly Hold[] {
    return this.all.filter(({ state }) => state === 'in-force');
  }

  /** Whether a hold in force touches footage of [fromMs, toMs). One whose end has passed holds until that is settled. */
  isHeld(camera: string, fromMs: number, toMs: number): boolean {
    return this.#byCamera.get(camera)?.some((hold) => hold.fromMs < toMs && hold.toMs > fromMs) === true;
  }

  /** How much of [fromMs, toMs) is held, milliseconds. */
  heldMs(camera: string, fromMs: number, toMs: number): number {
    const holds = (this.#byCamera.get(camera) ?? []).filter((hold) => hold.fromMs < toMs && hold.toMs > fromMs).sort((left, right) => left.fromMs - right.fromMs);
    let [sum, coveredMs] = [0, fromMs];
    for (const hold of holds) {
      const endMs = Math.min(toMs, hold.toMs);
      sum += Math.max(0, endMs - Math.max(coveredMs, hold.fromMs));
      coveredMs = Math.max(coveredMs, endMs);
    }
    return sum;
  }

  async place(hold: Hold): Promise<void> {
    await this.#database.insertInto('recorder_hold').values(toRow(hold)).execute();
    this.#take(hold);
  }

  /** Changes a hold; keys that are there with `undefined` are taken away. */
  async change(hold: Hold, change: HoldChange): Promise<Hold> {
    const { endsMs, lift, ...rest } = { ...hold, ...change };
    const changed: Hold = { ...rest, ...(endsMs !== undefined && { endsMs }), ...(lift && { lift }) };
    const { id: _, ...row } = toRow(changed);
    await this.#database.updateTable('recorder_hold').set(row).where('id', '=', hold.id).execute();
    this.#take(changed);
    return changed;
  }

  #take(hold: Hold): void {
    this.#holds.set(hold.id, hold);
    for (const camera of hold.cameras) {
      const others = (this.#byCamera.get(camera) ?? []).filter(({ id }) => id !== hold.id);
      this.#byCamera.set(camera, hold.state === 'in-force' ? [...others, hold] : others);
    }
  }
}

function toRow({ id, cameras, fromMs, toMs, reason, caseNumber, placedBy, placedMs, endsMs, state, lift }: Hold): HoldTable {
  return {
    id, cameras: JSON.stringify(cameras), from_ms: fromMs, to_ms: toMs, reason, case_number: caseNumber ?? null, placed_by: placedBy, placed_ms: placedMs, ends_ms: endsMs ?? null, state,
    lift_by: lift?.proposedBy ?? null, lift_reason: lift?.reason ?? null, lift_ms: lift?.proposedMs ?? null, lifted_by: lift?.confirmedBy ?? null, lifted_ms: lift?.confirmedMs ?? null,
  };
}

function fromRow(row: HoldTable): Hold {
  return {
    id: row.id, cameras: JSON.parse(row.cameras) as string[], fromMs: row.from_ms, toMs: row.to_ms, reason: row.reason, ...(row.case_number !== null && { caseNumber: row.case_number }),
    placedBy: row.placed_by, placedMs: row.placed_ms, ...(row.ends_ms !== null && { endsMs: row.ends_ms }), state: row.state as Hold['state'],
    ...(row.lift_by !== null && {
      lift: { proposedBy: row.lift_by, reason: row.lift_reason ?? '', proposedMs: row.lift_ms ?? 0, ...(row.lifted_by !== null && { confirmedBy: row.lifted_by, confirmedMs: row.lifted_ms ?? 0 }) },
    }),
  };
}
