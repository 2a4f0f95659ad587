// `npm run soak -- crash [kills] [seed]`: kills the working campus 20 times and asserts every figure, the times too.
import { crashRepeatedly } from '../e2e/support/crash-run.ts';
import { failuresOf, showCrash } from '../e2e/support/crash-figures.ts';

const [kills = '20', seed = '1'] = process.argv.slice(2);
const crashes = await crashRepeatedly({
  kills: Number(kills),
  seed: Number(seed),
  report: (crash, index) => process.stdout.write(`${String(index + 1).padStart(2)}/${kills} ${showCrash(crash)}\n`),
});
const failures = crashes.flatMap((crash, index) => failuresOf(crash, { lostFootageMs: 2000, restartMs: 3000 }).map((failure) => `kill ${index + 1}: ${failure}`));
for (const failure of failures) process.stdout.write(`✖ ${failure}\n`);
const worst = (of: (crash: (typeof crashes)[number]) => number) => Math.max(...crashes.map(of)).toFixed(0);
process.stdout.write(`soak crash kills ${crashes.length}, worst: footage lost ${worst((crash) => crash.lostFootageMs)} ms, restart to recording ${worst((crash) => crash.restartMs)} ms; ${failures.length === 0 ? 'ok' : 'short'}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
