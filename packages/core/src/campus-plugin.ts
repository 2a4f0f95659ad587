// What every campus has: its name and rules for all to read, and the list of its cameras.
import type { CampusConfig } from './campus.ts';
import { cameraChanged, cameras, listCameras, type Camera, type CameraSummary, type CapabilityKey } from './contracts/camera.ts';
import { campusService, readCampus, type CampusFacts } from './contracts/campus.ts';
import { purposes } from './contracts/permission.ts';
import { objectSchema } from './contracts/schema.ts';
import { definePlugin, type PluginUse } from './plugin.ts';
import type { Disposer } from './scope.ts';

const capabilities: readonly CapabilityKey[] = ['stream', 'snapshot', 'ptz', 'presets', 'events', 'clock', 'health'];

/** Tells the plugins, and anybody who asks, which campus this is and which cameras it has. */
export function campusPlugin({ name, timeZone, policy }: CampusConfig): PluginUse {
  const { id, version, title, effective, units, roles, approvals } = policy;
  const facts: CampusFacts = { name, timeZone, pack: { id, version, title, effective }, units, roles, approvals, purposes };
  const plugin = definePlugin({
    id: 'campus',
    config: objectSchema({}),
    provides: [campusService],
    critical: true,
    setup(ctx) {
      const followed = new Map<Camera, readonly Disposer[]>();
      ctx.follow(
        cameras,
        (camera) => {
          const tell = () => ctx.emit(cameraChanged, summaryOf(camera));
          followed.set(camera, [camera.state.subscribe(tell), camera.problem.subscribe(tell)]);
          tell();
        },
        (camera) => {
          for (const stop of followed.get(camera) ?? []) void stop();
          followed.delete(camera);
        },
      );
      ctx.handle(readCampus, () => facts);
      ctx.handle(listCameras, () => ({ cameras: ctx.contributions(cameras).map(summaryOf) }));
      ctx.provide(campusService, facts);
    },
  });
  return plugin({});
}

function summaryOf(camera: Camera): CameraSummary {
  const problem = camera.problem.value;
  return {
    info: camera.info,
    state: camera.state.value,
    capabilities: capabilities.filter((capability) => camera.has(capability)),
    ...(problem && { problem: { code: problem.code, text: problem.text } }),
  };
}
