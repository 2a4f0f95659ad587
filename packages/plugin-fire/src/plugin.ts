// Wires fire signals to the kernel: sources in, events and alarms out.
import { alarmRaised, alarmRestored, definePlugin, storeService, type PluginContext } from '@wanglou/core';
import { alarmSource, alarmTitle, priorityOf, problemAlarm, type FireTitles } from './alarm-text.ts';
import { fireConfig, type FireConfig } from './config.ts';
import { dutyCheckEnded, fireSignal, fireSignalSources, type FireProblem, type FireSignal, type FireSignalSource } from './contract.ts';
import { profiles, standardProfile } from './gb26875.ts';
import { Journal } from './journal/journal.ts';
import { fireMigrations, type FireTables } from './journal/tables.ts';
import { FireServer } from './server/fire-server.ts';

/**
 * Receives fire alarms, keeps every message, and tells them.
 *
 * @example
 * fire({ gb26875: { host: '10.1.0.1', tcpPort: 5200, devices: [{ id: 'library', address: 889, peers: ['10.1.2.3'] }] } })
 */
export const fire = definePlugin({
  id: 'fire',
  config: fireConfig,
  needs: { store: storeService },
  async setup(ctx, { config, store }) {
    const journal = await Journal.open({ database: await store.open<FireTables>('fire', fireMigrations), clock: ctx.clock, log: ctx.log });
    ctx.defer(() => journal.close());
    const points = new Map(Object.entries(config.points));
    const titles: FireTitles = { points: Object.fromEntries([...points].map(([key, { zh, en }]) => [key, { zh, en }])), sources: titlesOf(config) };
    const start = (source: FireSignalSource): Promise<void> =>
      source.start({
        journal: journal.of(source.kind), clock: ctx.clock, log: ctx.log,
        emit: (signal) => tell(ctx, signal, titles, points.get(signal.pointKey)?.cameras ?? []),
        problem: (problem) => tellProblem(ctx, problem, titles),
        dutyCheckEnded: (end) => ctx.emit(dutyCheckEnded, end),
      });
    const own = config.gb26875 && new FireServer(serverOptions(config.gb26875));
    if (own !== undefined) {
      // Here and not when it is followed: without its port the plugin has failed.
      await start(own);
      ctx.defer(() => own.stop());
      ctx.contribute(fireSignalSources, own);
    }
    const started = new Map<FireSignalSource, Promise<void>>();
    ctx.defer(() => Promise.all([...started.keys()].map((source) => source.stop())).then(() => undefined));
    ctx.follow(
      fireSignalSources,
      (source) => {
        if (source === own) return;
        started.set(source, start(source).catch((error: unknown) => ctx.log.error({ err: error, kind: source.kind }, 'a source of fire signals did not start')));
      },
      (source) => {
        void started.get(source)?.then(() => source.stop());
        started.delete(source);
      },
    );
  },
});

/** The signal itself, and the alarm that it begins or ends. */
function tell(ctx: PluginContext, signal: FireSignal, titles: FireTitles, cameras: readonly string[]): void {
  ctx.emit(fireSignal, signal);
  const priority = priorityOf(signal.condition);
  if (priority === undefined) return;
  const source = alarmSource(signal);
  if (signal.active) ctx.emit(alarmRaised, { source, priority, title: alarmTitle(signal, titles), cameras, raisedMs: signal.receivedMs });
  else ctx.emit(alarmRestored, { source, atMs: signal.receivedMs });
}

function tellProblem(ctx: PluginContext, problem: FireProblem, titles: FireTitles): void {
  const alarm = problemAlarm(problem, titles);
  if (problem.active) ctx.emit(alarmRaised, { ...alarm, cameras: [], raisedMs: ctx.clock.now() });
  else ctx.emit(alarmRestored, { source: alarm.source, atMs: ctx.clock.now() });
}

function titlesOf({ gb26875 }: FireConfig): FireTitles['sources'] {
  return new Map((gb26875?.devices ?? []).flatMap(({ id, title }) => (title === undefined ? [] : [[id, title] as const])));
}

function serverOptions({ host, tcpPort, udpPort, tls, links, utcOffsetMinutes, pollMinutes, devices }: NonNullable<FireConfig['gb26875']>): ConstructorParameters<typeof FireServer>[0] {
  return {
    devices: devices.map(({ id, address, peers, profile, heartbeatSeconds }) => ({ id, address, peers, heartbeatSeconds, profile: profiles.get(profile) ?? standardProfile })),
    ...(tcpPort !== undefined && { tcp: { host, port: tcpPort, linkLimit: links, ...(tls !== undefined && { tls }) } }),
    ...(udpPort !== undefined && { udp: { host, port: udpPort } }),
    offsetMinutes: utcOffsetMinutes,
    pollMinutes,
  };
}
