// `npm run soak -- fuzz [inputs] [seed] [target]`: a million mutated inputs for every parser of untrusted bytes in the recorder. No crash, no hang, bounded memory.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fuzz } from '../../packages/plugin-recorder/test/fuzz/fuzz.ts';
import { fuzzTargets } from '../../packages/plugin-recorder/test/fuzz/targets.ts';

const [inputs = '1000000', seed = '1', only] = process.argv.slice(2);
/** One input may take this long on a busy machine; a real hang takes for ever. */
const slowestLimitMs = 2_000;
/** What may be left after a collection, above the start: the kept inputs, and what the engine pools. */
const heapLimitMegabytes = 128;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const megabytesLeft = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
};

let short = 0;
for (const target of fuzzTargets.filter(({ name }) => only === undefined || name === only)) {
  const before = megabytesLeft();
  let most = 0;
  const startedMs = performance.now();
  const result = await fuzz(target, {
    inputs: Number(inputs), seed: Number(seed),
    progress: (done) => {
      if (done % 50_000 === 0) most = Math.max(most, megabytesLeft() - before);
    },
  });
  const seconds = (performance.now() - startedMs) / 1000;
  const good = result.finding === undefined && result.slowestMs < slowestLimitMs && most < heapLimitMegabytes;
  if (!good) short += 1;
  process.stdout.write(`soak fuzz ${target.name.padEnd(22)} ${result.inputs} inputs, ${result.behaviours} behaviours, ${seconds.toFixed(0)} s, slowest ${result.slowestMs.toFixed(1)} ms, memory +${most.toFixed(0)} MB; ${good ? 'ok' : 'short'}\n`);
  if (result.finding !== undefined) process.stdout.write(`✖ ${String((result.finding.error as Error).stack ?? result.finding.error)}\n  input (base64): ${result.finding.input}\n`);
}
process.exitCode = short > 0 ? 1 : 0;
