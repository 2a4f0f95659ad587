// A witness: cosigns a checkpoint only when it continues the last one that it cosigned, and has that on disk first.
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fillText, isKeyName, openNote, parseCheckpointBody, parseNote, parseVkey, rootOfLeaves, sameBytes, verifyConsistency, VerifyError, type CheckpointBody, type Text, type VerifierKey } from '@wanglou/verify';
import { parseSubmission, type Submission } from './add-checkpoint.ts';
import { syncFolder } from './durable-file.ts';
import { WitnessError } from './errors.ts';
import { lockFolder } from './folder-lock.ts';
import { originHash, readRecord, writeRecord, type RecordedCheckpoint } from './recorded-checkpoint.ts';
import { createRefusals } from './refused-checkpoints.ts';
import { readOrMakeKey } from './witness-key.ts';

/** What {@link createWitness} takes. */
export interface WitnessOptions {
  /** Holds the key, what was cosigned, and what was refused. Made where it is not there; back it up. */
  readonly folder: string;
  /** The name in cosignatures, such as `office.example.edu/w1`. */
  readonly name: string;
  /** Verifier keys of the logs; the name of a key is the origin of its log. */
  readonly logs: readonly string[];
  /** UTC epoch milliseconds; the system's clock unless said. */
  now?(): number;
  /** For the key of the first start; the system's unless said. */
  randomBytes?(count: number): Uint8Array;
  /** Told of everything that an operator should know. */
  report?(event: WitnessEvent): void;
  /** How many refused checkpoints are kept, 1,000 unless said. */
  readonly mostRefused?: number;
}

/** Something that happened. */
export interface WitnessEvent {
  /**
   * `fork`: a log signed two histories. `inconsistent`: a checkpoint came without a proof that holds, once for each such checkpoint.
   * `failed`: the record could not be written.
   */
  readonly kind: 'cosigned' | 'fork' | 'inconsistent' | 'failed';
  readonly origin: string;
  readonly size: number;
  readonly text: Text;
  /** Where the proof of a fork lies. */
  readonly file?: string;
}

/** An answer to a submission, as HTTP gives it. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422 | 500;
  readonly contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  readonly body: string;
}

/** A witness that runs. */
export interface Witness extends AsyncDisposable {
  readonly key: VerifierKey;
  /** Origins of the logs that it knows. */
  readonly origins: readonly string[];
  /** Judges the body of a request to `add-checkpoint`. */
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer>;
  /** The newest checkpoint that was cosigned for a log, by the hash of its origin (64 hex digits). */
  checkpoint(originHash: string): string | undefined;
}

const forkText: Text = { zh: '日志分叉：{origin} 签署了另一份 {size} 条的校验点，与已见证的不同；请立即调查，{where}', en: 'FORK: the log {origin} signed another checkpoint of {size} entries than the one that was witnessed; investigate at once, {where}' };
const inconsistentText: Text = { zh: '日志 {origin} 的校验点（{size} 条）未能证明延续已见证的 {before} 条：可能被改写，也可能是提交有误；{where}', en: 'The checkpoint of {size} entries of the log {origin} came without a proof that it continues the {before} that were witnessed: it may have been rewritten, or the submission was wrong; {where}' };

/** Opens a witness's folder. Throws `NAME_INVALID`, `LOGS_MISSING`, `FOLDER_IN_USE`, `FOLDER_UNUSABLE`, `KEY_UNUSABLE`, `STATE_DAMAGED`, or `VKEY_INVALID` of @wanglou/verify. */
export async function createWitness(options: WitnessOptions): Promise<Witness> {
  const { folder, name, logs: vkeys, now = Date.now, mostRefused = 1000 } = options;
  if (!isKeyName(name)) throw new WitnessError('NAME_INVALID', { name });
  if (vkeys.length === 0) throw new WitnessError('LOGS_MISSING');
  const logKeys = Map.groupBy(vkeys.map((vkey) => parseVkey(vkey)), (key) => key.name);
  await makeFolders(folder);
  const unlock = lockFolder(folder);
  try {
    const key = await readOrMakeKey(join(folder, 'witness-key.pem'), name, options.randomBytes ?? randomBytes);
    const refusals = await createRefusals(join(folder, 'refused'), mostRefused);
    const logs = new Map<string, WitnessedLog>();
    for (const [origin, keys] of logKeys) logs.set(origin, createWitnessedLog(origin, keys, await readRecord(folder, origin, key)));
    const report = options.report ?? (() => undefined);
    const byHash = new Map([...logs].map(([origin, log]) => [originHash(origin), log]));

    /** Runs alone for its log. */
    async function judge(log: WitnessedLog, { old, proof }: Submission, { size, root }: CheckpointBody, text: string, logLines: readonly string[], body: Uint8Array): Promise<WitnessAnswer> {
      // After a write that failed only the disk knows what was recorded.
      const record = (log.record = log.unsure ? await readRecord(folder, log.origin, key) : log.record);
      log.unsure = false;
      const refused = async (kind: 'fork' | 'inconsistent'): Promise<void> => {
        const kept = await refusals.keep({ origin: log.origin, kind, size, root, submitted: body, recorded: record });
        if (kind === 'inconsistent' && !kept?.fresh) return;
        const where = kept ? { zh: `证据保存在 ${kept.file}`, en: `the proof is in ${kept.file}` } : { zh: '证据目录已满', en: 'the folder of proofs is full' };
        const sizes = { size, before: record?.size ?? 0, origin: log.origin, where };
        report({ kind, origin: log.origin, size, ...(kept ? { file: kept.file } : {}), text: fillText(kind === 'fork' ? forkText : inconsistentText, sizes) });
      };
      const recordedSize = record?.size ?? 0;
      if (old !== recordedSize) {
        // Whatever the log believes: two roots at one size are two histories.
        if (record && size === record.size && !sameBytes(root, record.root)) await refused('fork');
        return { status: 409, contentType: 'text/x.tlog.size', body: `${recordedSize}\n` };
      }
      const problem = inconsistency(record, { size, root }, proof);
      if (problem) {
        if (problem.kind) await refused(problem.kind);
        return refusal(422, problem.sentence);
      }
      const line = key.cosign(text, Math.max(1, Math.floor(now() / 1000)));
      const note = `${text}\n${[...logLines, line].map((one) => `${one}\n`).join('')}`;
      log.unsure = true;
      await writeRecord(folder, log.origin, note);
      log.unsure = false;
      log.record = { size, root, note };
      report({ kind: 'cosigned', origin: log.origin, size, text: { zh: `已为日志 ${log.origin} 见证 ${size} 条`, en: `Cosigned ${size} entries of the log ${log.origin}` } });
      return { status: 200, contentType: 'text/plain; charset=utf-8', body: `${line}\n` };
    }

    return {
      key,
      origins: [...logs.keys()],
      checkpoint: (hash) => byHash.get(hash)?.record?.note,
      async addCheckpoint(body) {
        const submission = parseSubmission(body);
        if (!submission) return refusal(400, 'the body must be an old size line, proof lines, an empty line and a checkpoint');
        let checkpoint: CheckpointBody;
        try {
          checkpoint = parseCheckpointBody(parseNote(submission.note).text);
        } catch (error) {
          return refusal(400, sentenceOf(error));
        }
        const log = logs.get(checkpoint.origin);
        if (!log) return refusal(404, 'the origin is unknown');
        let opened: ReturnType<typeof openNote>;
        try {
          opened = openNote(submission.note, log.keys);
        } catch (error) {
          return refusal(403, sentenceOf(error));
        }
        if (submission.old > checkpoint.size) return refusal(400, 'the old size is above the size of the checkpoint');
        const logLines = opened.verified.map((signature) => signature.line);
        return log.alone(async () => {
          try {
            return await judge(log, submission, checkpoint, opened.text, logLines, body);
          } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            report({ kind: 'failed', origin: log.origin, size: checkpoint.size, text: { zh: `日志 ${log.origin} 的校验点（${checkpoint.size} 条）未能见证：${reason}；请检查磁盘与权限`, en: `The checkpoint of ${checkpoint.size} entries of the log ${log.origin} could not be witnessed: ${reason}; check the disk and the permissions` } });
            return refusal(500, 'the witness cannot keep its record');
          }
        });
      },
      async [Symbol.asyncDispose]() {
        for (const log of logs.values()) await log.alone(async () => undefined);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

interface WitnessedLog {
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
  record: RecordedCheckpoint | undefined;
  /** Whether the file may say otherwise than `record`. */
  unsure: boolean;
  /** Runs tasks one after the other. */
  alone<T>(task: () => Promise<T>): Promise<T>;
}

function createWitnessedLog(origin: string, keys: readonly VerifierKey[], record: RecordedCheckpoint | undefined): WitnessedLog {
  let last: Promise<unknown> = Promise.resolve();
  return {
    origin,
    keys,
    record,
    unsure: false,
    alone(task) {
      const mine = last.then(task);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** Why a checkpoint does not continue the record; `undefined` where it does. The sizes were compared already. */
function inconsistency(record: RecordedCheckpoint | undefined, to: Pick<CheckpointBody, 'size' | 'root'>, proof: readonly Uint8Array[]): { readonly sentence: string; readonly kind?: 'fork' | 'inconsistent' } | undefined {
  if (to.size === 0 && !sameBytes(to.root, rootOfLeaves([]))) return { sentence: 'the root of an empty tree is the hash of nothing', kind: 'fork' };
  if (!record || record.size === 0) return proof.length > 0 ? { sentence: 'from size 0 the proof must be empty' } : undefined;
  try {
    verifyConsistency({ from: record, to, proof });
    return undefined;
  } catch (error) {
    return { sentence: sentenceOf(error), kind: record.size === to.size && !sameBytes(record.root, to.root) ? 'fork' : 'inconsistent' };
  }
}

async function makeFolders(folder: string): Promise<void> {
  try {
    for (const name of ['checkpoints', 'refused']) await mkdir(join(folder, name), { recursive: true });
    await syncFolder(folder);
  } catch (error) {
    throw new WitnessError('FOLDER_UNUSABLE', { path: folder, reason: (error as Error).message }, { cause: error });
  }
}

function refusal(status: 400 | 403 | 404 | 422 | 500, sentence: string): WitnessAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${sentence}\n` };
}

/** The sentence of an error of @wanglou/verify; any other is a fault of ours. */
function sentenceOf(error: unknown): string {
  if (error instanceof VerifyError) return error.message;
  throw error;
}
