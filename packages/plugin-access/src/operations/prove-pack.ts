// The caller's side of the thread that proves packs.
import { Worker } from 'node:worker_threads';
import { KernelError, type FactDeclaration, type PolicyPack } from '@wanglou/core';
import type { PackDifference, PackVerdict } from '../contract.ts';

/** What is proven, against which facts, and compared with which pack. */
export interface ProofTask {
  readonly pack: PolicyPack;
  readonly inForce: PolicyPack;
  readonly catalogue: readonly FactDeclaration[];
}

/** What was found; `refused`: the pack is not one. */
export type ProofAnswer = { readonly verdict: PackVerdict; readonly differences: readonly PackDifference[] } | { readonly refused: string };

const threadFile = new URL(import.meta.url.endsWith('.ts') ? './proof-thread.ts' : './proof-thread.js', import.meta.url);
/** A pack that takes longer is no pack of a campus. */
const longestMs = 60_000;

/** Proofs run one after another: each may keep a core and much memory busy. */
let last: Promise<unknown> = Promise.resolve();

/** Proves a pack. Throws `PACK_INVALID`. */
export function provePack(task: ProofTask): ReturnType<typeof proveNow> {
  const proof = last.then(() => proveNow(task));
  last = proof.catch(() => undefined);
  return proof;
}

async function proveNow(task: ProofTask): Promise<Extract<ProofAnswer, { verdict: unknown }>> {
  const { promise, resolve, reject } = Promise.withResolvers<ProofAnswer>();
  const thread = new Worker(threadFile, { workerData: task, name: 'wanglou proof', resourceLimits: { maxOldGenerationSizeMb: 512 } });
  const timer = setTimeout(() => resolve({ refused: `its proof takes longer than ${longestMs / 1000} s` }), longestMs);
  thread.once('message', resolve);
  thread.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve({ refused: 'its proof takes more memory than there is for it' }) : reject(error)));
  thread.once('exit', () => resolve({ refused: 'its proof ended without an answer' }));
  try {
    const answer = await promise;
    if ('refused' in answer) throw new KernelError('PACK_INVALID', { pack: `${String(task.pack.id)}@${String(task.pack.version)}`, issue: answer.refused });
    return answer;
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
