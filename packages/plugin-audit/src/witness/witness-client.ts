// Asks one witness to cosign. C2SP tlog-witness.
import { openNote, type PolicyWitness, type VerifiedSignature } from '@wanglou/verify';

/** What is asked about: a checkpoint that the log has signed. */
export interface Submission {
  readonly size: number;
  readonly note: string;
  /** Text of the note. */
  readonly text: string;
  /** Base64 hashes that lead from an older size to this one. */
  consistency(before: number): Promise<readonly string[]>;
}

/** What a witness said. */
export type WitnessAnswer =
  | { readonly kind: 'cosigned'; readonly signature: VerifiedSignature }
  /** It has seen a larger tree than the log has now. */
  | { readonly kind: 'ahead'; readonly size: number }
  /** It found the checkpoint inconsistent with what it has seen. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Longest answer in bytes that is read. */
const longestAnswer = 16_384;

/** One witness, and how far it has followed the log. */
export class WitnessClient {
  readonly witness: PolicyWitness;
  readonly #deadlineMs: number;
  readonly #fetch: typeof fetch;
  #size = 0;

  constructor(witness: PolicyWitness, options: { readonly deadlineMs: number; readonly fetch: typeof fetch }) {
    this.witness = witness;
    this.#deadlineMs = options.deadlineMs;
    this.#fetch = options.fetch;
  }

  /** Never throws: a witness that is away is no failure of the campus. */
  async submit(submission: Submission): Promise<WitnessAnswer> {
    try {
      const first = await this.#post(submission, Math.min(this.#size, submission.size));
      // It follows from another size than we thought: once more from there.
      return first.kind === 'behind' ? settled(await this.#post(submission, first.size)) : first;
    } catch (error) {
      const cause = (error as Error).cause;
      return { kind: 'unreachable', reason: cause instanceof Error ? cause.message : (error as Error).message };
    }
  }

  async #post({ size, note, text, consistency }: Submission, before: number): Promise<WitnessAnswer | { readonly kind: 'behind'; readonly size: number }> {
    const body = `old ${before}\n${(await consistency(before)).map((hash) => `${hash}\n`).join('')}\n${note}`;
    const prefix = this.witness.url!.replace(/\/$/, '');
    const response = await this.#fetch(`${prefix}/add-checkpoint`, { method: 'POST', body, headers: { 'content-type': 'text/plain; charset=utf-8' }, redirect: 'error', signal: AbortSignal.timeout(this.#deadlineMs) });
    const answer = await readCapped(response);
    if (response.status === 409) {
      const known = /^(\d{1,15})\n?$/.exec(answer)?.[1];
      if (known === undefined) return { kind: 'refused', reason: '409' };
      this.#size = Number(known);
      return this.#size > size ? { kind: 'ahead', size: this.#size } : { kind: 'behind', size: this.#size };
    }
    if (response.status !== 200) return { kind: 'refused', reason: `${response.status} ${answer.slice(0, 200).trim()}`.trim() };
    const signature = openNote(`${text}\n${answer}`, [this.witness.key]).verified[0]!;
    this.#size = size;
    return { kind: 'cosigned', signature };
  }
}

function settled(answer: WitnessAnswer | { readonly kind: 'behind'; readonly size: number }): WitnessAnswer {
  return answer.kind === 'behind' ? { kind: 'refused', reason: `409 ${answer.size}` } : answer;
}

async function readCapped(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > longestAnswer) throw new Error(`the answer is longer than ${longestAnswer} bytes`);
  }
  return text + decoder.decode();
}
