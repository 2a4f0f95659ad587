// One contender in a process of its own: what another one does to the heap and to compiled code is not its cost.
import { upc2013 } from '../../packages/policies/src/index.ts';
import { GrantBook } from '../../packages/plugin-access/src/grants/grants.ts';
import { casbin } from './casbin.ts';
import { casl, caslIndexed, caslIndexedFirst } from './casl.ts';
import type { Decide } from './contenders.ts';
import { engineAlone, ours } from './ours.ts';
import { makeWorkload, type Workload } from './workload.ts';

const [index, count] = process.argv.slice(2).map(Number) as [number, number];
const contender = [ours, engineAlone, casl, caslIndexed, caslIndexedFirst, casbin][index]!;
const workload = makeWorkload(count);
const questions = workload.questions.slice(0, contender.atMost);

/** The book as it is after a start: filled from rows that are there. */
async function loadGrants({ grants }: Workload): Promise<GrantBook> {
  const empty = { selectAll: () => empty, orderBy: () => empty, execute: () => Promise.resolve([]) };
  const book = await GrantBook.load({ selectFrom: () => empty } as never);
  for (const grant of grants) book.keep(grant);
  return book;
}

let told = 0;

/** User and system CPU of one decision, in microseconds. At least a quarter of a second is measured. */
function costOf(decide: Decide): number {
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

const decide = await contender.prepare(upc2013({ emergency: true }), workload, await loadGrants(workload));
const answers = questions.map(decide);
// Before the first measurement everything is compiled as it will be.
for (let round = 0; round < 4; round++) costOf(decide);
process.on('message', () => {
  const microseconds = costOf(decide);
  if (told === 0) throw new Error('nothing was decided');
  process.send!({ microseconds });
});
process.send!({ name: contender.name, answers });
