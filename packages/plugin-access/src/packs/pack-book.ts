// The pack in force, and what was proposed instead. Articles 8 and 30: two persons, and the Office.
import type { PolicyPack } from '@wanglou/core';
import type { Kysely, Selectable } from 'kysely';
import type { PackDifference, PackProposal, PackSummary, PackVerdict } from '../contract.ts';
import { AccessError } from '../errors.ts';
import type { AccessTables } from '../tables.ts';

/** What the book needs from outside. */
export interface PackRules {
  now(): number;
  newId(): string;
  hash(pack: PolicyPack): string;
}

/** A proposal with its pack. */
interface StoredProposal {
  readonly proposal: PackProposal;
  readonly pack: PolicyPack;
}

/** Packs that came into force, and proposals. */
export class PackBook {
  readonly #database: Kysely<AccessTables>;
  readonly #rules: PackRules;
  readonly #proposals = new Map<string, StoredProposal>();
  #inForce: PolicyPack | undefined;
  /** Since when. */
  #sinceMs = 0;

  private constructor(database: Kysely<AccessTables>, rules: PackRules) {
    this.#database = database;
    this.#rules = rules;
  }

  static async load(database: Kysely<AccessTables>, rules: PackRules): Promise<PackBook> {
    const book = new PackBook(database, rules);
    const row = await database.selectFrom('pack').select(['content', 'in_force_ms']).orderBy('number', 'desc').limit(1).executeTakeFirst();
    if (row) book.#take(JSON.parse(row.content) as PolicyPack, row.in_force_ms);
    for (const one of await database.selectFrom('proposal').selectAll().orderBy('at_ms').execute()) {
      const pack = JSON.parse(one.content) as PolicyPack;
      book.#proposals.set(one.id, { pack, proposal: toProposal(one, summaryOf(pack, one.sha256)) });
    }
    return book;
  }

  inForce(): PolicyPack | undefined {
    return this.#inForce;
  }

  get(id: string): PackProposal | undefined {
    return this.#proposals.get(id)?.proposal;
  }

  /** Newest first. */
  proposals(): readonly PackProposal[] {
    return [...this.#proposals.values()].map(({ proposal }) => proposal).reverse();
  }

  /** Puts a pack in force without a proposal: the first one, or in the place of one that cannot be executed any more. */
  async install(pack: PolicyPack): Promise<void> {
    const sinceMs = this.#rules.now();
    await this.#enter(this.#database, pack, sinceMs);
    this.#take(pack, sinceMs);
  }

  async propose(pack: PolicyPack, by: string, reason: string, verdict: PackVerdict, differences: readonly PackDifference[]): Promise<PackProposal> {
    const sha256 = this.#rules.hash(pack);
    const row = { id: this.#rules.newId(), sha256, content: JSON.stringify(pack), proposed_by: by, reason, at_ms: this.#rules.now(), state: 'open', settled_by: null, settled_ms: null, verdict: JSON.stringify(verdict), differences: JSON.stringify(differences) };
    await this.#database.insertInto('proposal').values(row).execute();
    const proposal = toProposal(row, summaryOf(pack, sha256));
    this.#proposals.set(row.id, { proposal, pack });
    return proposal;
  }

  /**
   * The pack of an open proposal, as somebody read it and wants to approve it. Throws `PROPOSAL_UNKNOWN`, `PROPOSAL_SETTLED`,
   * `PROPOSAL_CHANGED`, `PROPOSAL_OUTDATED` or `PACK_UNPROVEN`.
   */
  toApprove(id: string, readSha256: string): PolicyPack {
    const { proposal, pack } = this.#open(id);
    if (proposal.pack.sha256 !== readSha256) throw new AccessError('PROPOSAL_CHANGED');
    if (!proposal.verdict.ok) throw new AccessError('PACK_UNPROVEN');
    // Its differences were shown against rules that no longer hold: approved now, it could take back what came in between, unseen.
    if (this.#sinceMs > proposal.atMs) throw new AccessError('PROPOSAL_OUTDATED');
    return pack;
  }

  /** Settles a proposal; an approval puts its pack in force in the same transaction. Throws `PROPOSAL_UNKNOWN` or `PROPOSAL_SETTLED`. */
  async settle(id: string, state: 'approved' | 'rejected', by: string): Promise<PackProposal> {
    const { proposal, pack } = this.#open(id);
    const settledMs = this.#rules.now();
    await this.#database.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction.updateTable('proposal').set({ state, settled_by: by, settled_ms: settledMs }).where('id', '=', id).where('state', '=', 'open').executeTakeFirst();
      if (numUpdatedRows === 0n) throw settledError(this.get(id)!);
      if (state === 'approved') await this.#enter(transaction, pack, settledMs);
    });
    const settled: PackProposal = { ...proposal, state, settledBy: by, settledMs };
    this.#proposals.set(id, { proposal: settled, pack });
    if (state === 'approved') this.#take(pack, settledMs);
    return settled;
  }

  #open(id: string): StoredProposal {
    const stored = this.#proposals.get(id);
    if (!stored) throw new AccessError('PROPOSAL_UNKNOWN', { proposal: id });
    if (stored.proposal.state !== 'open') throw settledError(stored.proposal);
    return stored;
  }

  #take(pack: PolicyPack, sinceMs: number): void {
    this.#inForce = pack;
    this.#sinceMs = sinceMs;
  }

  async #enter(database: Kysely<AccessTables>, pack: PolicyPack, sinceMs: number): Promise<void> {
    const last = await database.selectFrom('pack').select((expression) => expression.fn.max('number').as('number')).executeTakeFirst();
    await database.insertInto('pack').values({ number: (last?.number ?? 0) + 1, sha256: this.#rules.hash(pack), content: JSON.stringify(pack), in_force_ms: sinceMs }).execute();
  }
}

/** A pack as it is talked about. */
export function summaryOf({ id, version, title, effective, rules }: PolicyPack, sha256: string): PackSummary {
  return { id, version, title, effective, sha256, rules: rules.length };
}

function settledError({ state }: PackProposal): AccessError {
  return new AccessError('PROPOSAL_SETTLED', { state, outcome: state === 'approved' ? { zh: '已批准', en: 'was approved' } : { zh: '已否决', en: 'was rejected' } });
}

function toProposal(row: Selectable<AccessTables['proposal']>, pack: PackSummary): PackProposal {
  return {
    id: row.id,
    pack,
    proposedBy: row.proposed_by,
    reason: row.reason,
    atMs: row.at_ms,
    state: row.state as PackProposal['state'],
    ...(row.settled_by !== null && { settledBy: row.settled_by }),
    ...(row.settled_ms !== null && { settledMs: row.settled_ms }),
    verdict: JSON.parse(row.verdict) as PackVerdict,
    differences: JSON.parse(row.differences) as readonly PackDifference[],
  };
}
