/**
 * Proofs about policy packs: over every valuation of the facts, not over samples.
 *
 * @packageDocumentation
 */
export { diffPacks, type ActionDiff, type Change, type PackDiff } from './proof/diff-packs.ts';
export { verifyPack, type Counterexample, type DeadRule, type MutantProof, type PackProof, type ProofOptions, type PropertyProof } from './proof/verify-pack.ts';
export type { Fault } from './proof/violations.ts';
