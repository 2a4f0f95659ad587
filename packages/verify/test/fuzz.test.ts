// Mutated input for everything that reads texts of others: an error of this package or a value, never anything else. The seed is fixed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, parseBundle, parseCanonicalJson, parseCheckpointBody, parseEntry, parseEvidence, parseNote, parsePolicy, parseReceiptCode, parseSignatureLine, parseTile, parseTlogProof, parseVkey, utf8, verifyReceipt, VerifyError } from '../src/index.ts';
import { createTestEvidence } from './test-evidence.ts';
import { bothPolicy, bundleOf, createTestLog, entriesOf, logKey, office } from './test-log.ts';

const log = createTestLog(entriesOf(9));
const policy = parsePolicy(bothPolicy);
const checkpoint = log.checkpoint();
const bundle = bundleOf(log.entries.map((entry) => utf8(entry)));

/** Cuts, repeats, overwrites and inserts. */
const mutation = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(40), way: fc.constantFrom('cut', 'repeat', 'overwrite', 'insert'), bytes: fc.uint8Array({ maxLength: 12 }), special: fc.constantFrom('\n', '\n\n', ' ', '+', '\u2014 ', '=', '0', '-', '9'.repeat(20), '\u0000', '"', '\\ud800', '{', '[', '\uFEFF') });

function mutate(seed: Uint8Array, mutations: readonly (typeof mutation extends fc.Arbitrary<infer M> ? M : never)[]): Uint8Array {
  let bytes = Buffer.from(seed);
  for (const { at, length, way, bytes: random, special } of mutations) {
    const from = Math.floor(at * bytes.length);
    const rest = bytes.subarray(from);
    const added = way === 'repeat' ? bytes.subarray(from, from + length) : random.length % 2 === 0 ? Buffer.from(special) : Buffer.from(random);
    bytes = Buffer.concat([bytes.subarray(0, from), way === 'cut' ? rest.subarray(length) : way === 'overwrite' ? Buffer.concat([added, rest.subarray(added.length)]) : Buffer.concat([added, rest])]);
  }
  return new Uint8Array(bytes);
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const readers: readonly (readonly [string, Uint8Array, (bytes: Uint8Array) => unknown])[] = [
  ['notes', utf8(checkpoint), (bytes) => [parseNote(bytes), parseNote(text(bytes))]],
  ['checkpoints', utf8(checkpoint), (bytes) => openCheckpoint(bytes, policy)],
  ['bodies of checkpoints', utf8(parseNote(checkpoint).text), (bytes) => parseCheckpointBody(text(bytes))],
  ['signature lines', utf8(office.sign('x\n')), (bytes) => parseSignatureLine(text(bytes))],
  ['verifier keys', utf8(logKey.vkey), (bytes) => parseVkey(text(bytes))],
  ['policies', utf8(bothPolicy), (bytes) => parsePolicy(bytes)],
  ['proof files', utf8(log.receipt(4)), (bytes) => parseTlogProof(bytes)],
  ['receipts', utf8(log.receipt(4)), (bytes) => expect(verifyReceipt(bytes, policy)).toMatchObject({ ok: expect.any(Boolean) })],
  ['evidence lists', utf8(createTestEvidence().files.get('evidence.json') as string), (bytes) => parseEvidence(bytes)],
  ['entries', utf8(log.entries[3]!), (bytes) => parseEntry(bytes, 0)],
  ['canonical JSON', utf8(log.entries[3]!), (bytes) => parseCanonicalJson(bytes)],
  ['bundles', bundle, (bytes) => parseBundle(bytes, 9, true, 'bundle')],
  ['tiles', new Uint8Array(288), (bytes) => parseTile(bytes, 9, true, 'tile')],
  ['receipt codes', utf8('73894-0123-4567-89AB-CDEF'), (bytes) => parseReceiptCode(text(bytes))],
];

describe('mutated input', () => {
  it.each(readers)('of %s is read or refused with a code', (_, seed, read) => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        try {
          read(mutate(seed, mutations));
        } catch (error) {
          if (!(error instanceof VerifyError)) throw error;
        }
      }),
      { seed: 20_260_101, numRuns: 2000 },
    );
  });

  it('of a receipt never verifies as anything but the entry that was logged', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 2 }), (mutations) => {
        const result = verifyReceipt(mutate(utf8(log.receipt(4)), mutations), policy);
        return !result.ok || JSON.stringify(result.entry) === log.entries[result.index];
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
