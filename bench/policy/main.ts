// Decisions side by side: this project's fact source and engine, CASL and casbin, over the same campus and the same questions.
//   npm run bench -- policy [--questions 2000] [--rounds 9]
import { parseArgs } from 'node:util';
import { upc2013 } from '../../packages/policies/src/index.ts';
import { GrantBook } from '../../packages/plugin-access/src/grants/grants.ts';
import { casbin } from './casbin.ts';
import { casl, caslIndexed, caslIndexedFirst } from './casl.ts';
import type { Answer, Contender, Decide } from './contenders.ts';
import { engineAlone, ours } from './ours.ts';
import { makeWorkload } from './workload.ts';

const { values } = parseArgs({ options: { questions: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '9' } } });
const rounds = Number(values.rounds);
const workload = makeWorkload(Number(values.questions));
const pack = upc2013({ emergency: true });

/** A measured contender. */
interface Row {
  readonly name: string;
  readonly microseconds: number;
  readonly answers: readonly Answer[];
}

/** The book as it is after a start: filled from rows that are there. */
async function loadGrants(): Promise<GrantBook> {
  const empty = { selectAll: () => empty, orderBy: () => empty, execute: () => Promise.resolve([]) };
  const book = await GrantBook.load({ selectFrom: () => empty } as never);
  for (const grant of workload.grants) book.keep(grant);
  return book;
}

/** A contender, ready to be asked. Everything is compiled before the first measurement. */
async function prepare(contender: Contender, grants: GrantBook): Promise<Row & { readonly decide: Decide; readonly questions: typeof workload.questions }> {
  const decide = await contender.prepare(pack, workload, grants);
  const questions = workload.questions.slice(0, contender.atMost);
  const answers = questions.map(decide);
  for (let round = 0; round < 3; round++) costOf(decide, questions);
  return { name: contender.name, microseconds: Infinity, answers, decide, questions };
}

/** The contenders in turn, round by round. The least of each counts: on a shared machine all that is above it is the work of others. */
async function measure(contenders: readonly Contender[], grants: GrantBook): Promise<readonly Row[]> {
  const prepared = [];
  for (const contender of contenders) prepared.push(await prepare(contender, grants));
  const costs = prepared.map(({ decide, questions }) => ({ decide, questions, least: Infinity }));
  for (let round = 0; round < rounds; round++) for (const one of costs) one.least = Math.min(one.least, costOf(one.decide, one.questions));
  return prepared.map(({ name, answers }, index) => ({ name, answers, microseconds: costs[index]!.least }));
}

let told = 0;

/** User and system CPU of one decision, in microseconds. At least a quarter of a second is measured. */
function costOf(decide: Decide, questions: typeof workload.questions): number {
  const before = process.cpuUsage();
  let decided = 0;
  for (;;) {
    // The answers are used, so that nothing is left out.
    for (const question of questions) told += decide(question).reasons.length;
    decided += questions.length;
    const { user, system } = process.cpuUsage(before);
    if (user + system > 250_000) return (user + system) / decided;
  }
}

function agreement({ name, answers }: Row, reference: Row): string {
  const differing = answers.findIndex(({ permitted }, index) => permitted !== reference.answers[index]!.permitted);
  if (differing >= 0) throw new Error(`${name} decides otherwise: ${JSON.stringify([workload.questions[differing], answers[differing], reference.answers[differing]])}`);
  const denied = answers.flatMap(({ permitted, reasons }, index) => (permitted ? [] : [{ reasons, all: reference.answers[index]!.reasons }]));
  const complete = denied.filter(({ reasons, all }) => all.every((rule) => reasons.includes(rule))).length;
  return `${answers.length - denied.length} permitted, ${denied.length} denied, ${((100 * complete) / denied.length).toFixed(0)} % of the denials with every reason`;
}

const grants = await loadGrants();
console.log(`${workload.people.size} people, 10,000 cameras, ${workload.grants.length} grants, ${workload.questions.length} questions, ${pack.rules.length} rules; CPU of one decision with its facts and reasons`);
const rows = await measure([ours, engineAlone, casl, caslIndexed, caslIndexedFirst, casbin], grants);
for (const row of rows) console.log(`${row.name.padEnd(32)}${row.microseconds.toFixed(2).padStart(9)} µs   agrees on ${row.answers.length}: ${agreement(row, rows[0]!)}`);

const [own, , caslRow, indexedRow, , casbinRow] = rows as unknown as [Row, Row, Row, Row, Row, Row];
const line = (metric: string, value: number, target: number): void => console.log(`bench policy ${metric} ${value.toFixed(1)} ${target} ${value >= target ? 'ok' : 'short'}`);
console.log('');
line('decisions-per-core-second', 1e6 / own.microseconds, 1_000_000);
line('ratio-casl', caslRow.microseconds / own.microseconds, 20);
// Without a target: with our index and hand-gathered facts CASL is asked for less than half of the work.
line('ratio-casl-over-our-index', indexedRow.microseconds / own.microseconds, 1);
line('ratio-casbin', casbinRow.microseconds / own.microseconds, 50);
if (told === 0) throw new Error('nothing was decided');
