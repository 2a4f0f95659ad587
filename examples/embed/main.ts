// An application of one's own calls the kernel: one act that is permitted, one that is refused, both recorded.
import { createCampus, defineOperation, definePlugin, isCodedError, type Principal } from '@wanglou/core';
import { access } from '@wanglou/plugin-access';
import { audit } from '@wanglou/plugin-audit';
import { upc2013 } from '@wanglou/policies';
import { sqlite } from '@wanglou/store-sqlite';
import { z } from 'zod';

const path = process.argv[2] ?? './.data';
const input = z.strictObject({ gate: z.string().max(32) });
const openBarrier = defineOperation<{ opened: string }>()({ id: 'barrier.open', title: { zh: '打开道闸', en: 'Open the barrier' }, action: 'maintain', input, resource: () => ({}) });
const barrier = definePlugin({ id: 'barrier', config: z.strictObject({}), setup: (ctx) => ctx.handle(openBarrier, ({ gate }) => ({ opened: gate })) });
const people = [
  { id: 'li', name: '李', unit: 'section', roles: ['administrator'] },
  { id: 'zhao', name: '赵', unit: 'guard-team', roles: ['operator'] },
];

const name = { zh: '示例', en: 'Example' };
await using campus = await createCampus({ name, timeZone: 'Asia/Shanghai', policy: upc2013(), store: sqlite({ path }), plugins: [audit({ path }), access({ people }), barrier()] });
for (const { id } of people) {
  const principal: Principal = { kind: 'person', id };
  const answer = await campus.kernel.call(openBarrier, { gate: 'east' }, principal).catch((error: unknown) => (isCodedError(error) ? error.message : String(error)));
  console.log(`${id}:`, answer);
}
