// `npm run soak -- power-cut [cuts] [cameras]`: the power is cut again and again while cameras are recorded. No acknowledged row of the index may be
// missing afterwards, no file damaged, and no more than two seconds of footage lost.
import { cutPower } from '../e2e/support/power-cut.ts';
import { canMountImages } from '../e2e/support/mount.ts';

const [cuts = '10', cameras = '50'] = process.argv.slice(2);
const targetMs = 2_000;

if (!(await canMountImages())) {
  console.error('the power cannot be cut here: no file system in a file can be mounted (root on Linux, mkfs.ext4, loop devices)');
  process.exit(2);
}
const lostMs: number[] = [];
let wrong = 0;
for await (const cut of cutPower({ cuts: Number(cuts), cameras: Number(cameras), recordMs: 20_000, imageBytes: 8e9 })) {
  lostMs.push(...cut.lostMs);
  wrong += cut.rowsLost.length + cut.findings.length;
  console.log(`cut ${lostMs.length / Number(cameras)}: ${cut.acknowledged} rows acknowledged, ${cut.rowsLost.length} of them lost; footage lost at most ${Math.max(...cut.lostMs).toFixed(0)} ms; ${cut.findings.length} differences after the recovery`);
  for (const finding of cut.findings.slice(0, 5)) console.log(`✖ ${JSON.stringify(finding)}`);
}
const worstMs = Math.max(...lostMs);
console.log(`soak power-cut rows-lost-or-files-damaged ${wrong} 0 ${wrong === 0 ? 'ok' : 'short'}`);
console.log(`soak power-cut lost-ms ${worstMs.toFixed(0)} ${targetMs} ${worstMs <= targetMs ? 'ok' : 'short'}`);
process.exitCode = wrong === 0 && worstMs <= targetMs ? 0 : 1;
