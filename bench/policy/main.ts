// Decisions side by side: this project's fact source and engine, CASL and casbin, over the same campus and the same questions.
//   npm run bench -- policy [--questions 2000] [--rounds 9]
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { upc2013 } from '../../packages/policies/src/index.ts';
import type { Answer } from './contenders.ts';
import { makeWorkload } from './workload.ts';

const { values } = parseArgs({ options: { questions: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '9' } } });
const workload = makeWorkload(Number(values.questions));
const contenders = 6;

/** A contender and the least it took. */
interface Row {
  readonly child: ChildProcess;
  readonly name: string;
  readonly answers: readonly Answer[];
  microseconds: number;
}

async function start(index: number): Promise<Row> {
  const child = fork(new URL('./contender-main.ts', import.meta.url), [String(index), values.questions], { execArgv: process.execArgv });
  const [{ name, answers }] = (await once(child, 'message')) as [{ name: string; answers: readonly Answer[] }];
  return { child, name, answers, microseconds: Infinity };
}

/** One measurement. The least of all counts: on a shared machine everything above it is the work of others. */
async function measure(row: Row): Promise<void> {
  row.child.send('measure');
  const [{ microseconds }] = (await once(row.child, 'message')) as [{ microseconds: number }];
  row.microseconds = Math.min(row.microseconds, microseconds);
}

function agreement({ name, answers }: Row, reference: Row): string {
  const differing = answers.findIndex(({ permitted }, index) => permitted !== reference.answers[index]!.permitted);
  if (differing >= 0) throw new Error(`${name} decides otherwise: ${JSON.stringify([workload.questions[differing], answers[differing], reference.answers[differing]])}`);
  const denied = answers.flatMap(({ permitted, reasons }, index) => (permitted ? [] : [{ reasons, all: reference.answers[index]!.reasons }]));
  const complete = denied.filter(({ reasons, all }) => all.every((rule) => reasons.includes(rule))).length;
  return `${answers.length - denied.length} permitted, ${denied.length} denied, ${((100 * complete) / denied.length).toFixed(0)} % of the denials with every reason`;
}

console.log(`${workload.people.size} people, 10,000 cameras, ${workload.grants.length} grants, ${workload.questions.length} questions, ${upc2013({ emergency: true }).rules.length} rules; CPU of one decision with its facts and reasons`);
const rows: Row[] = [];
try {
  for (let index = 0; index < contenders; index++) rows.push(await start(index));
  // In turn, so that each meets the quiet moments of the machine.
  for (let round = 0; round < Number(values.rounds); round++) for (const row of rows) await measure(row);
} finally {
  for (const { child } of rows) child.kill();
}
for (const row of rows) console.log(`${row.name.padEnd(32)}${row.microseconds.toFixed(2).padStart(9)} µs   agrees on ${row.answers.length}: ${agreement(row, rows[0]!)}`);

const [own, , casl, caslIndexed, , casbin] = rows as unknown as [Row, Row, Row, Row, Row, Row];
const line = (metric: string, value: number, target: number): void => console.log(`bench policy ${metric} ${value.toFixed(1)} ${target} ${value >= target ? 'ok' : 'short'}`);
console.log('');
line('decisions-per-core-second', 1e6 / own.microseconds, 1_000_000);
line('ratio-casl', casl.microseconds / own.microseconds, 20);
// With our index and hand-gathered facts CASL is asked for less than half of the work; 1 is a floor, not an aim.
line('ratio-casl-over-our-index', caslIndexed.microseconds / own.microseconds, 1);
line('ratio-casbin', casbin.microseconds / own.microseconds, 50);
