// Once a minute: what has expired is closed for good, and what waits too long is said again.
import { factsChanged, requestReminder, watchLive, type PluginContext } from '@wanglou/core';
import type { Books } from './books.ts';

const sweepPeriodMs = 60_000;

/** One sweep at a time; the last one ends before the plugin does. */
export function keepTidy(ctx: PluginContext, books: Books): void {
  let running: Promise<void> | undefined;
  const stop = ctx.clock.every(sweepPeriodMs, () => {
    running ??= tidy(ctx, books)
      .catch((error: unknown) => ctx.log.error({ err: error }, 'what has expired could not be swept'))
      .finally(() => (running = undefined));
  });
  ctx.defer(async () => {
    await stop();
    await running;
  });
}

async function tidy(ctx: PluginContext, { lockOut, sessions, grants, requests, documents, now, changed }: Books): Promise<void> {
  await lockOut.sweep();
  await documents.sweep();
  // Who watches a wall touches nothing for hours, and its pictures come by one connection: the room must not go dark for that. The rules still cut what they no longer permit.
  const watching = ctx.leases.list().flatMap(({ operation, principal }) => (operation === watchLive.id && principal.session !== undefined ? [principal.session] : []));
  await sessions.keep([...new Set(watching)]);
  const principals = await sessions.sweep();
  if (principals.length > 0) ctx.emit(factsChanged, { principals });
  for (const request of await requests.sweep()) changed({ request });
  for (const request of await requests.remind()) ctx.emit(requestReminder, request);
  for (const grant of await grants.sweep(now())) changed({ grant });
}
