// The body of a request to `add-checkpoint`. c2sp.org/tlog-witness.
import { fromBase64, longestProof, textOf, toSize } from '@wanglou/verify';

/** What a log submits. Nothing of it is verified. */
export interface Submission {
  /** The size that the log believes the witness to have. */
  readonly old: number;
  readonly proof: readonly Uint8Array[];
  /** The checkpoint as a note. */
  readonly note: string;
}

/** Reads a body; `undefined` where it is malformed. */
export function parseSubmission(body: Uint8Array): Submission | undefined {
  const text = textOf(body);
  const end = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || end < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\n');
  const old = first.startsWith('old ') ? toSize(first.slice(4)) : undefined;
  if (old === undefined || lines.length > longestProof) return undefined;
  const proof = lines.flatMap((line) => fromBase64(line) ?? []);
  if (proof.length !== lines.length || proof.some((hash) => hash.length !== 32)) return undefined;
  return { old, proof, note: text.slice(end + 2) };
}
