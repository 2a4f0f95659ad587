// The example campus, with a source of alarms that raises one whenever a file of the folder ALARMS says so, and restores it when that goes.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alarmRaised, alarmRestored, definePlugin, objectSchema, type AlarmPriority } from '../../../packages/core/src/index.ts';
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

export default { ...example, plugins: [...example.plugins, files()] };
