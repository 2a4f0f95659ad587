// The example campus, with a source of alarms that raises one whenever a file of the folder ALARMS says so, and restores it when that goes; and with a
// transmission device for fires, number 889, on the port FIRE_PORT.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alarmRaised, alarmRestored, definePlugin, objectSchema, type AlarmPriority } from '../../../packages/core/src/index.ts';
import { fire } from '../../../packages/plugin-fire/src/index.ts';
import example from '../../../examples/campus/wanglou.config.ts';

const lookMs = 50;

const files = definePlugin({
  id: 'alarm-files',
  config: objectSchema({}),
  setup(ctx) {
    const folder = process.env['ALARMS'] ?? '';
    const raised = new Set<string>();
    const look = async () => {
      const names = await readdir(folder);
      for (const name of names.filter((one) => !raised.has(one))) {
        raised.add(name);
        const { priority, camera } = JSON.parse(await readFile(join(folder, name), 'utf8')) as { priority: AlarmPriority; camera: string };
        ctx.emit(alarmRaised, { source: `file:${name}`, priority, title: { zh: `${name} 报警`, en: `Alarm of ${name}` }, cameras: [camera], raisedMs: ctx.clock.now() });
      }
      for (const name of [...raised].filter((one) => !names.includes(one))) {
        raised.delete(name);
        ctx.emit(alarmRestored, { source: `file:${name}`, atMs: ctx.clock.now() });
      }
    };
    ctx.defer(ctx.clock.every(lookMs, () => void look().catch((error: unknown) => ctx.log.warn({ error }, 'the folder of alarms cannot be read'))));
  },
});

const fires = fire({
  gb26875: { tcpPort: Number(process.env['FIRE_PORT']), devices: [{ id: 'library', address: 889, peers: ['127.0.0.1'], title: { zh: '图书馆', en: 'Library' } }] },
  points: { 'uitd/library/sys/1-1/comp/131082': { zh: '二层感烟探测器', en: 'Smoke detector, floor 2', cameras: ['west-gate'] } },
});

export default { ...example, plugins: [...example.plugins, files(), fires] };
