// A campus with a control room, without devices: real store, real audit log, real rules.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alarmChanged, alarmRaised, auditService, createCampus, definePlugin, objectSchema, type Alarm, type AlarmPriority, type AuditLog, type Campus, type PluginContext, type Principal } from '@wanglou/core';
import { createTestClock, type TestClock } from '@wanglou/core/testing';
import { access } from '@wanglou/plugin-access';
import { beginDuty } from '@wanglou/plugin-access/contract';
import { audit } from '@wanglou/plugin-audit';
import { upc2013 } from '@wanglou/policies';
import { sqlite } from '@wanglou/store-sqlite';
import { alarm } from '../src/index.ts';

const trainedUntil = '2027-12-31';
const people = [
  { id: 'operator', name: '监控员', unit: 'guard-team', roles: ['operator'], trainedUntil },
  { id: 'leader', name: '班长', unit: 'guard-team', roles: ['shift-leader'], trainedUntil },
  { id: 'sleeper', name: '不在班', unit: 'guard-team', roles: ['operator'], trainedUntil },
  { id: 'section-head', name: '科长', unit: 'section', roles: ['section-head'], trainedUntil },
];

/** A running campus under the test's clock. */
export interface TestRoom extends AsyncDisposable {
  readonly campus: Campus;
  readonly clock: TestClock;
  /** Every change of an alarm since the start, the newest last. */
  readonly changes: Alarm[];
  as(id: string): Principal;
  raise(source: string, priority?: AlarmPriority): Promise<Alarm>;
  emit: PluginContext['emit'];
  /** Kinds of all entries of the audit log. */
  entryKinds(): Promise<readonly string[]>;
  /** Stops and starts on the same folder. */
  restart(downMs?: number): Promise<void>;
}

/** Starts a campus in a folder of its own; `operator` and `leader` are on duty. */
export async function startRoom(config: Parameters<typeof alarm>[0] = {}): Promise<TestRoom> {
  const folder = await mkdtemp(join(tmpdir(), 'wanglou-alarm-'));
  const clock = createTestClock();
  const changes: Alarm[] = [];
  let source: PluginContext;
  let log: AuditLog;
  const signals = definePlugin({
    id: 'signals', config: objectSchema({}), needs: { audit: auditService },
    setup(ctx, { audit: found }) {
      source = ctx;
      log = found;
    },
  });
  const start = async (): Promise<Campus> => {
    const campus = await createCampus({
      name: { zh: '校园', en: 'Campus' }, timeZone: 'Asia/Shanghai', policy: upc2013(), store: sqlite({ path: folder }),
      plugins: [audit({ path: folder }), access({ path: folder, people, workstations: [{ id: 'room', name: '监控室', addresses: ['127.0.0.1'] }] }), signals(), alarm(config)],
    }, { clock });
    campus.kernel.on(alarmChanged, (changed) => void changes.push(changed));
    return campus;
  };
  let campus = await start();
  const as = (id: string): Principal => ({ kind: 'person', id, address: '127.0.0.1' });
  for (const person of ['operator', 'leader']) await campus.kernel.call(beginDuty, {}, as(person));
  return {
    get campus() {
      return campus;
    },
    clock, changes, as,
    emit: (event, payload) => source.emit(event, payload),
    entryKinds: async () => (await log.read(0, 1000)).map(({ entry }) => entry.kind),
    async raise(from, priority = 'high') {
      const before = changes.length;
      source.emit(alarmRaised, { source: from, priority, title: { zh: `${from} 报警`, en: `Alarm of ${from}` }, cameras: ['gate'], raisedMs: clock.now() });
      while (changes.length === before) await new Promise((resolve) => setImmediate(resolve));
      return changes[before]!;
    },
    async restart(downMs = 0) {
      await campus[Symbol.asyncDispose]();
      clock.jump(downMs);
      campus = await start();
    },
    async [Symbol.asyncDispose]() {
      await campus[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
