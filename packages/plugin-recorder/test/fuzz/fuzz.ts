// Feeds mutated inputs to a parser, and keeps those that make it behave in a new way as a start for further ones.
import { Mutator, seededRandom } from './mutator.ts';

/** Something that reads untrusted bytes. */
export interface FuzzTarget {
  readonly name: string;
  /** Real inputs. */
  readonly corpus: readonly Buffer[];
  readonly words: readonly string[];
  /**
   * Reads the input; throws what it must not.
   * @returns what it did, in few words: a new answer makes the input worth keeping
   */
  run(input: Buffer): string | Promise<string>;
}

/** How long and from where. */
export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** Called every thousand inputs. */
  readonly progress?: (done: number) => void;
}

/** What came out. */
export interface FuzzResult {
  readonly inputs: number;
  /** Different behaviours that were seen. */
  readonly behaviours: number;
  readonly slowestMs: number;
  /** The input that a finding needs, with what was thrown. */
  readonly finding: { readonly input: string; readonly error: unknown } | undefined;
}

const corpusLimit = 1_000;

/** Runs until the first finding, or to the end. */
export async function fuzz(target: FuzzTarget, { inputs, seed, progress }: FuzzOptions): Promise<FuzzResult> {
  const mutator = new Mutator(seededRandom(seed), target.words);
  const corpus = [...target.corpus];
  const seen = new Set<string>();
  let slowestMs = 0;
  for (let done = 0; done < inputs; done += 1) {
    // First the real inputs as they are.
    const start = corpus[done < target.corpus.length ? done : mutator.below(corpus.length)] ?? Buffer.alloc(0);
    const input = done < target.corpus.length ? start : mutator.mutate(start, corpus[mutator.below(corpus.length)] ?? start);
    const startedMs = performance.now();
    try {
      // Awaited even when it is there: what the parsers leave to later is done before the next input.
      const behaviour = await target.run(input);
      if (!seen.has(behaviour)) {
        seen.add(behaviour);
        // A copy, since the input may be a view of something larger.
        if (corpus.length < corpusLimit) corpus.push(Buffer.from(input));
        else corpus[mutator.below(corpusLimit)] = Buffer.from(input);
      }
    } catch (error) {
      return { inputs: done + 1, behaviours: seen.size, slowestMs, finding: { input: input.toString('base64'), error } };
    }
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    if (done % 1_000 === 999) progress?.(done + 1);
  }
  return { inputs, behaviours: seen.size, slowestMs, finding: undefined };
}
