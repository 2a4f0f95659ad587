// Proves a proposed pack beside the running campus: a large one keeps a thread busy, never the event loop.
import { parentPort, workerData } from 'node:worker_threads';
import { isCodedError } from '@wanglou/core';
import { diffPacks, verifyPack, type PackProof } from '@wanglou/core/proof';
import type { PackDifference, PackVerdict } from '../contract.ts';
import type { ProofAnswer, ProofTask } from './prove-pack.ts';

const { pack, inForce, catalogue } = workerData as ProofTask;

function answer(): ProofAnswer {
  try {
    const proof = verifyPack(pack, catalogue);
    const verdict: PackVerdict = { ok: proof.ok, valuations: String(proof.valuations), problems: problemsOf(proof) };
    return { verdict, differences: differences() };
  } catch (error) {
    if (isCodedError(error)) return { refused: String(error.params['issue'] ?? error.message) };
    throw error;
  }
}

function problemsOf({ failedTests, properties, mutants, deadRules }: PackProof): readonly string[] {
  return [
    ...failedTests.map((name) => `test: ${name}`),
    ...properties.filter(({ holds }) => !holds).map(({ id }) => `property: ${id}`),
    ...mutants.filter(({ verdict }) => verdict === 'unnoticed').map(({ rule }) => `rule that nothing misses: ${rule}`),
    ...deadRules.filter(({ keptBecause }) => !keptBecause).map(({ rule }) => `dead rule: ${rule}`),
  ];
}

function differences(): readonly PackDifference[] {
  return diffPacks(inForce, pack, catalogue).actions.flatMap(({ action, opened, closed }) => [
    ...(opened ? [{ action, before: 'deny' as const, after: 'permit' as const, facts: opened.example, valuations: String(opened.valuations) }] : []),
    ...(closed ? [{ action, before: 'permit' as const, after: 'deny' as const, facts: closed.example, valuations: String(closed.valuations) }] : []),
  ]);
}

parentPort!.postMessage(answer());
