// Wires alarms to the kernel: what raises them, what persons do, and the clocks that nobody can stop.
import { alarmRaised, alarmRestored, createId, definePlugin, storeService, type Alarm, type PluginContext } from '@wanglou/core';
import { AlarmBook, type Outcome } from './alarms/alarm-book.ts';
import { dueOf, type AlarmClocks } from './alarms/clocks.ts';
import { alarmConfig, type AlarmConfig } from './config.ts';
import { handleAlarms, tell } from './operations.ts';
import { alarmMigrations, type AlarmTables } from './tables.ts';

const tickMs = 1000;

/**
 * Alarms from every source: one life, one desk, and clocks that run until a person decided.
 *
 * @example
 * alarm({ headAfterSeconds: 120 })
 */
export const alarm = definePlugin({
  id: 'alarm',
  config: alarmConfig,
  needs: { store: storeService },
  critical: true,
  async setup(ctx, { config, store }) {
    const database = await store.open<AlarmTables>('alarm', alarmMigrations);
    const book = await AlarmBook.load({ database, now: () => ctx.clock.now(), newId: () => createId(ctx.random), unwritten: (error) => ctx.log.error({ error }, 'an alarm could not be written down; it is shown all the same, and written when the store takes it') });
    ctx.on(alarmRaised, async (signal) => settle(ctx, 'alarm.received', await book.raise(signal)));
    ctx.on(alarmRestored, async ({ source }) => {
      for (const outcome of await book.restore(source)) await settle(ctx, 'alarm.restored', outcome);
    });
    handleAlarms(ctx, book);
    runClocks(ctx, book, config);
  },
});

/** What no person did is in the log too. The alarm is told of first: it must not wait for the log. */
async function settle(ctx: PluginContext, kind: string, outcome: Outcome): Promise<void> {
  tell(ctx, outcome);
  if ('refusal' in outcome || !outcome.isChanged) return;
  const { id, source, priority, cameras, steps } = outcome.alarm;
  const escalation = steps.at(-1)?.escalation;
  await ctx.record({ kind, principal: { kind: 'plugin', id: ctx.pluginId }, resource: { cameras, subject: `alarm:${id}` }, open: { alarm: id, source, priority, ...(escalation && { escalation }) } });
}

function runClocks(ctx: PluginContext, book: AlarmBook, config: AlarmConfig): void {
  const clocks: AlarmClocks = { remindMs: config.remindAfterSeconds * 1000, nextPersonMs: config.nextPersonAfterSeconds * 1000, headMs: config.headAfterSeconds * 1000, verifyMs: config.verifyWithinSeconds * 1000 };
  const runs = ({ priority }: Alarm): boolean => config.escalates.includes(priority);
  let ticking: Promise<void> | undefined;
  let isBehind = false;
  const tick = async (): Promise<void> => {
    const nowMs = ctx.clock.now();
    await book.flush().catch(() => {}); // It was told when it began.
    for (const { id } of book.open.filter(runs)) {
      // One at a time, each from the alarm as it is then: a person may have taken it on meanwhile.
      for (let isDue = true; isDue; ) {
        const outcome = await book.step(id, (alarm) => {
          const [due] = dueOf(alarm, clocks);
          isDue = due !== undefined && due.dueMs <= nowMs;
          return due && isDue ? { kind: 'escalated', atMs: nowMs, escalation: due.escalation } : undefined;
        });
        if (outcome === undefined) break;
        await settle(ctx, 'alarm.escalated', outcome);
      }
    }
  };
  /** One look at a time; what came due during one is found by another right after it. */
  const look = (): void => {
    isBehind = ticking !== undefined;
    ticking ??= tick()
      .catch((error: unknown) => ctx.log.error({ error }, 'the clocks of alarms stand still; they go on with the next second'))
      .finally(() => {
        ticking = undefined;
        if (isBehind && !ctx.signal.aborted) look();
      });
  };
  // Undone last first: no look begins any more, and the last one does not find the store closed.
  ctx.defer(() => ticking);
  ctx.defer(ctx.clock.every(tickMs, look));
}
