/**
 * A witness for audit logs (c2sp.org/tlog-witness): cosigns what continues what it has seen, refuses a fork and keeps the proof of it.
 *
 * @packageDocumentation
 */
export { WitnessError, witnessErrorTable, type WitnessErrorCode, type WitnessErrorEntry } from './errors.ts';
export { originHash } from './recorded-checkpoint.ts';
export { longestBody, serveWitness, type ServeOptions, type WitnessServer } from './serve.ts';
export { createWitness, type Witness, type WitnessAnswer, type WitnessEvent, type WitnessOptions } from './witness.ts';
export { keyToVkey } from './witness-key.ts';
