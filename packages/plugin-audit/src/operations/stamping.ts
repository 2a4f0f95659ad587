// Has the newest checkpoint stamped every day, where an authority is configured.
import type { Text } from '@wanglou/core';
import { fetchStamp } from '../stamp/time-stamp.ts';
import type { AuditParts } from './parts.ts';

const deadlineMs = 30_000;
const hourMs = 3_600_000;
/** After a failure it is tried again this often. */
const retryMs = 600_000;
const newestFile = 'timestamps/newest';

/** How stamping stands. */
export interface StampState {
  stamp?: { readonly size: number; readonly atMs: number };
  stampProblem?: Text;
}

/** Stamps when the last stamp is old enough; a failure is told in the status and tried again. */
export async function startStamping({ ctx, config, mirror, publisher }: AuditParts): Promise<StampState> {
  const state: StampState = {};
  const { timestamps } = config;
  if (!timestamps) return state;
  const periodMs = timestamps.everyHours * hourMs;
  const [size, atMs] = ((await mirror.read(newestFile)) ?? '').split(' ').map(Number);
  if (size && atMs) state.stamp = { size, atMs };
  let nextMs = (state.stamp?.atMs ?? -periodMs) + periodMs;
  const stamp = async () => {
    const { size, note } = publisher.checkpoint;
    nextMs = ctx.clock.now() + retryMs;
    try {
      const found = await fetchStamp(Buffer.from(note), { url: timestamps.url, deadlineMs, randomBytes: (length) => ctx.random.bytes(length), fetch });
      await mirror.write(`timestamps/${size}.note`, note);
      await mirror.write(`timestamps/${size}.tsr`, found.response);
      await mirror.write(newestFile, `${size} ${found.atMs}\n`);
      nextMs = ctx.clock.now() + periodMs;
      state.stamp = { size, atMs: found.atMs };
      delete state.stampProblem;
    } catch (error) {
      const reason = (error as Error).message;
      state.stampProblem = { zh: `时间戳服务 ${timestamps.url} 未能签发：${reason}`, en: `The time stamping authority ${timestamps.url} gave no stamp: ${reason}` };
      ctx.log.warn({ err: error }, 'a checkpoint could not be time-stamped; it is tried again in ten minutes');
    }
  };
  const look = () => {
    if (ctx.clock.now() >= nextMs) void stamp();
  };
  look();
  ctx.defer(ctx.clock.every(60_000, look));
  return state;
}
