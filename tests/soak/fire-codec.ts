// `npm run soak -- fire-codec [cases] [seed]`: ten million mutated frames of GB/T 26875.3. Nothing is thrown, no frame that a device sends after damage is
// lost, no other link is disturbed, what is decoded is encoded to the same bytes, and memory stays where it is.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { mutateLinks } from '../../packages/plugin-fire/test/support/mutated-links.ts';

const [cases = '10000000', seed = '1'] = process.argv.slice(2);
/** One case may take this long on a busy machine; a real hang takes for ever. */
const slowestLimitMs = 2_000;
/** What may be left after a collection, above the start. */
const heapLimitMegabytes = 32;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const megabytesLeft = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
};

// The first cases compile and fill tables.
mutateLinks({ cases: 20_000, seed: Number(seed) });
const before = megabytesLeft();
let most = 0;
const startedMs = performance.now();
const { outcomes, sent, confirmedLater, undisturbed, slowestMs } = mutateLinks({
  cases: Number(cases), seed: Number(seed),
  progress: (done) => {
    if (done % 500_000 === 0) most = Math.max(most, megabytesLeft() - before);
  },
});
const seconds = (performance.now() - startedMs) / 1000;
const good = slowestMs < slowestLimitMs && most < heapLimitMegabytes;
process.stdout.write(`soak fire-codec outcomes ${Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`).join(', ')}\n`);
process.stdout.write(`soak fire-codec ${cases} mutated frames, ${seconds.toFixed(0)} s; ${sent} good frames after them, lost 0, ${confirmedLater} confirmed when sent again; ${undisturbed} on the undisturbed link, lost 0; slowest ${slowestMs.toFixed(1)} ms, memory +${most.toFixed(0)} MB; ${good ? 'ok' : 'short'}\n`);
process.exitCode = good ? 0 : 1;
