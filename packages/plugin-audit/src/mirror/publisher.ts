// Publishes the log every few seconds: the newest size, signed, cosigned by the witnesses that answer in time, as files.
import { meetsQuorum, openCheckpoint, type OpenedCheckpoint, type Policy, type VerifiedSignature } from '@wanglou/verify';
import type { Checkpoint, Clock, Text } from '@wanglou/core';
import { AuditError } from '../errors.ts';
import { signedNote } from '../note/checkpoint.ts';
import type { HeadReply } from '../log/protocol.ts';
import { WitnessClient, type WitnessAnswer } from '../witness/witness-client.ts';
import { sharedRounds } from '../shared-rounds.ts';
import type { Mirror } from './mirror.ts';

/** What the publisher needs from outside. */
export interface PublisherOptions {
  readonly mirror: Mirror;
  /** Whom the campus trusts; its log is among the logs. */
  readonly policy: Policy;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** Longest wait for a witness. */
  readonly witnessDeadlineMs: number;
  head(): Promise<HeadReply>;
  root(size: number): Promise<Uint8Array>;
  consistency(before: number, size: number): Promise<readonly Uint8Array[]>;
  /** A witness said something that an honest log cannot hear. */
  forked(witness: string, text: Text): void;
}

/** How a witness stands. */
export interface WitnessState {
  readonly name: string;
  /** Size of the newest checkpoint that it cosigned, and when. */
  readonly size?: number;
  readonly atMs?: number;
  /** Why it did not cosign the last one. */
  readonly problem?: Text;
}

/** Publishes; remembers the newest checkpoint, and the newest with a quorum. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #witnesses: readonly WitnessClient[];
  readonly #states = new Map<string, WitnessState>();
  #published: Checkpoint | undefined;
  #witnessed: Checkpoint | undefined;
  /** Since when there have been entries that no quorum has witnessed. */
  #unwitnessedSinceMs: number | undefined;
  readonly #rounds = sharedRounds(() => this.#round());
  #hasPublished = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#witnesses = options.policy.witnesses.filter(({ url }) => url !== undefined).map((witness) => new WitnessClient(witness, { deadlineMs: options.witnessDeadlineMs, fetch: options.fetch }));
    for (const { name } of options.policy.witnesses) this.#states.set(name, { name });
  }

  /**
   * Compares what was published before with what the log is now.
   *
   * @throws AuditError `AUDIT_ROLLED_BACK`, `AUDIT_FORKED`
   */
  async resume(): Promise<void> {
    this.#published = await this.#remembered('checkpoint');
    this.#witnessed = await this.#remembered('witnessed');
    if (this.#options.policy.quorum && (this.#witnessed?.size ?? 0) < (this.#published?.size ?? 0)) this.#unwitnessedSinceMs = this.#options.clock.now();
  }

  /** The newest published checkpoint. */
  get checkpoint(): Checkpoint {
    return this.#published!;
  }

  /** The newest with a quorum. */
  get witnessed(): Checkpoint | undefined {
    return this.#witnessed;
  }

  get witnesses(): readonly WitnessState[] {
    return [...this.#states.values()];
  }

  /** How long entries have been waiting for a quorum; 0 when none wait, or none is asked for. */
  lagMs(): number {
    return this.#unwitnessedSinceMs === undefined ? 0 : Math.max(0, this.#options.clock.now() - this.#unwitnessedSinceMs);
  }

  /** Publishes what is acknowledged now. One round at a time; those who ask meanwhile share the next. */
  publish(): Promise<Checkpoint> {
    return this.#rounds.next();
  }

  async #round(): Promise<Checkpoint> {
    const { policy, clock } = this.#options;
    const head = await this.#options.head();
    const isNew = head.size !== this.#published?.size;
    const wants = this.#witnesses.length > 0 && this.#published?.cosigned.length !== this.#witnesses.length;
    if (!isNew && !wants) return this.#published!;
    if (isNew && policy.quorum) this.#unwitnessedSinceMs ??= clock.now();
    const [text, own] = head.note.split('\n\n') as [string, string];
    const submission = { size: head.size, note: head.note, text: `${text}\n`, consistency: async (before: number) => (await this.#options.consistency(before, head.size)).map((hash) => Buffer.from(hash).toString('base64')) };
    // The first publication waits for nobody: the campus is starting.
    const asked = this.#hasPublished ? this.#witnesses : [];
    const answers = await Promise.all(asked.map(async (client) => ({ client, answer: await client.submit(submission) })));
    const signatures = answers.flatMap(({ client, answer }) => this.#note(client, head.size, answer));
    const checkpoint: Checkpoint = {
      size: head.size,
      root: Buffer.from(head.root).toString('base64'),
      atMs: clock.now(),
      note: signedNote(`${text}\n`, [own, ...signatures.map(({ line }) => `${line}\n`)]),
      cosigned: signatures.map(({ key }) => policy.witnesses.find((witness) => witness.key === key)!.name),
      isWitnessed: policy.quorum !== undefined && meetsQuorum(policy, new Set(signatures.map(({ key }) => key))),
    };
    await this.#options.mirror.publish(checkpoint.size, checkpoint.note);
    if (checkpoint.isWitnessed) {
      await this.#options.mirror.write('witnessed', checkpoint.note);
      this.#witnessed = checkpoint;
      this.#unwitnessedSinceMs = undefined;
    }
    this.#hasPublished = true;
    return (this.#published = checkpoint);
  }

  #note({ witness }: WitnessClient, size: number, answer: WitnessAnswer): readonly VerifiedSignature[] {
    const before = this.#states.get(witness.name)!;
    if (answer.kind === 'cosigned') {
      this.#states.set(witness.name, { name: witness.name, size, atMs: answer.signature.atMs ?? this.#options.clock.now() });
      return [answer.signature];
    }
    const problem = wordsOf(answer, size);
    const { problem: _, ...kept } = before;
    this.#states.set(witness.name, { ...kept, problem });
    if (answer.kind === 'ahead' || (answer.kind === 'refused' && answer.reason.startsWith('422'))) this.#options.forked(witness.name, problem);
    return [];
  }

  /** A checkpoint in the mirror, if the log still is its continuation. */
  async #remembered(name: string): Promise<Checkpoint | undefined> {
    const { policy, mirror, clock } = this.#options;
    const note = await mirror.read(name);
    if (note === undefined) return undefined;
    const head = await this.#options.head();
    let opened: OpenedCheckpoint;
    try {
      opened = openCheckpoint(note, policy);
    } catch (error) {
      throw new AuditError('AUDIT_MIRROR_FOREIGN', { folder: mirror.folder, reason: (error as Error).message }, { cause: error });
    }
    if (opened.size > head.size) throw new AuditError('AUDIT_ROLLED_BACK', { size: head.size, known: opened.size });
    if (!Buffer.from(await this.#options.root(opened.size)).equals(opened.root)) throw new AuditError('AUDIT_FORKED', { size: opened.size });
    return { size: opened.size, root: opened.rootBase64, atMs: opened.witnessedAtMs ?? clock.now(), note, cosigned: opened.cosigned, isWitnessed: policy.quorum !== undefined && opened.quorum };
  }
}

function wordsOf(answer: Exclude<WitnessAnswer, { kind: 'cosigned' }>, size: number): Text {
  switch (answer.kind) {
    case 'ahead':
      return { en: `it has seen ${answer.size} entries, and the log has ${size}: the log was set back`, zh: `见证方已见 ${answer.size} 条，而日志仅有 ${size} 条：日志被回退` };
    case 'refused':
      return { en: `it refuses the checkpoint: ${answer.reason}`, zh: `见证方拒绝该校验点：${answer.reason}` };
    case 'unreachable':
      return { en: `it cannot be reached: ${answer.reason}`, zh: `无法连接：${answer.reason}` };
  }
}
