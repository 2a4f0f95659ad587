// Footage of an alarm stays: a hold from a minute before it, as soon as it comes, over the time it is open. It is over by itself only when the alarm turned
// out to be none. Articles 12(3), 17(3) and 29.
import { alarmChanged, type Alarm, type Hold, type PluginContext } from '@wanglou/core';
import { end, place } from './hold-operations.ts';
import type { Retention } from './retention-operations.ts';

const minuteMs = 60_000;
const beforeMs = minuteMs;
/** Held when the alarm comes; what an alarm needs beyond that is held when it is closed. */
const aheadMs = 30 * minuteMs;
const afterClosingMs = 10 * minuteMs;

/** Follows alarms. Their ids make those of the holds, so that an event that comes twice, or after a restart, changes nothing. */
export function holdFootageOfAlarms(ctx: PluginContext, retention: Retention): void {
  ctx.on(alarmChanged, async (alarm) => {
    if (alarm.cameras.length === 0 || (alarm.priority !== 'fire' && alarm.priority !== 'high')) return;
    const first = `alarm:${alarm.id}`;
    const more = `${first}:more`;
    const closedMs = alarm.state === 'closed' ? alarm.steps.at(-1)?.atMs : undefined;
    const untilMs = alarm.receivedMs + aheadMs;
    if (closedMs !== undefined && alarm.verdict !== 'confirmed') {
      for (const id of [first, more]) await end(ctx, retention, id);
      return;
    }
    const keep = (id: string, fromMs: number, toMs: number) => place(ctx, retention, holdOf(ctx, alarm, { id, fromMs, toMs }));
    await keep(first, alarm.receivedMs - beforeMs, untilMs);
    if (closedMs !== undefined && closedMs + afterClosingMs > untilMs) await keep(more, untilMs, closedMs + afterClosingMs);
  });
}

function holdOf(ctx: PluginContext, { cameras, title }: Alarm, range: Pick<Hold, 'id' | 'fromMs' | 'toMs'>): Hold {
  return { ...range, cameras, reason: `${title.zh} / ${title.en}`.slice(0, 500), placedBy: ctx.pluginId, placedMs: ctx.clock.now(), state: 'in-force' };
}
