// What every campus has: its name and rules for all to read, and the list of its cameras.
import type { CampusConfig } from './campus.ts';
import { cameraChanged, cameras, listCameras, type Camera, type CameraSummary, type CapabilityKey } from './contracts/camera.ts';
import { campusService, readCampus, type CampusFacts } from './contracts/campus.ts';
import { factSources, purposes } from './contracts/permission.ts';
import { objectSchema } from './contracts/schema.ts';
import { definePlugin, type PluginUse } from './plugin.ts';
import type { Disposer } from './scope.ts';

const capabilities: readonly CapabilityKey[] = ['stream', 'snapshot', 'ptz', 'presets', 'events', 'clock', 'health'];

/** Tells the plugins, and anybody who asks, which campus this is and which cameras it has. */
export function campusPlugin({ name, timeZone }: CampusConfig): PluginUse {
  const plugin = definePlugin({
    id: 'campus',
    config: objectSchema({}),
    provides: [campusService],
    critical: true,
    setup(ctx) {
      const followed = new Map<Camera, readonly Disposer[]>();
      const places = new Map<string, string | undefined>();
      ctx.follow(
        cameras,
        (camera) => {
          const tell = () => ctx.emit(cameraChanged, summaryOf(camera));
          places.set(camera.id, camera.info.place);
          followed.set(camera, [camera.state.subscribe(tell), camera.problem.subscribe(tell)]);
          tell();
        },
        (camera) => {
          for (const stop of followed.get(camera) ?? []) void stop();
          followed.delete(camera);
          places.delete(camera.id);
        },
      );
      // Of the pack in force, which may change while the campus runs.
      const read = (): CampusFacts => {
        const { id, version, title, effective, units, roles, approvals, emergency, retention } = ctx.policy.pack();
        const optional = { ...(emergency && { emergency }), ...(retention && { retention }) };
        return { name, timeZone, pack: { id, version, title, effective, sha256: ctx.policy.packSha256() }, units, roles, approvals, purposes, ...optional };
      };
      ctx.handle(readCampus, read);
      ctx.contribute(factSources, {
        id: 'campus',
        read({ resource }) {
          // Asked for every decision: a look-up, however many cameras there are.
          return resource.cameras ? { 'camera.places': resource.cameras.flatMap((camera) => places.get(camera) ?? []) } : {};
        },
      });
      ctx.handle(listCameras, () => ({ cameras: ctx.contributions(cameras).map(summaryOf) }));
      ctx.provide(campusService, { read });
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
