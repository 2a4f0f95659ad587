// A campus whose cameras are given by address: CLOCK_PORT is the camera that shows the time, CAMERAS how often it is there.
import { cameras, createSignal, defineCampus, definePlugin, objectSchema, type Camera, type CameraState } from '../../packages/core/src/index.ts';
import { access } from '../../packages/plugin-access/src/index.ts';
import { audit } from '../../packages/plugin-audit/src/index.ts';
import { consoleSite } from '../../packages/plugin-console/src/index.ts';
import { http } from '../../packages/plugin-http/src/index.ts';
import { recorder } from '../../packages/plugin-recorder/src/index.ts';
import { upc2013 } from '../../packages/policies/src/index.ts';
import { sqlite } from '../../packages/store-sqlite/src/index.ts';
import { accounts } from '../../examples/campus/accounts.ts';

const data = process.env['DATA_DIR'] ?? '';

function camera(index: number): Camera {
  const id = `clock-${index + 1}`;
  const stream = {
    list: async () => [{ id: 'main', role: 'main', codec: 'h264', width: 640, height: 360 }] as const,
    resolve: async () => ({ url: new URL(`rtsp://127.0.0.1:${process.env['CLOCK_PORT']}/${index}`) }),
  };
  return { id, info: { id, name: { zh: id, en: id } }, state: createSignal<CameraState>('online'), problem: createSignal(undefined), has: (capability) => capability === 'stream', get: () => stream as never };
}

const clocks = definePlugin({
  id: 'clocks',
  config: objectSchema({}),
  setup(ctx) {
    for (let index = 0; index < Number(process.env['CAMERAS']); index += 1) ctx.contribute(cameras, camera(index));
  },
});

export default defineCampus({
  name: { zh: '测量', en: 'Bench' },
  timeZone: 'Asia/Shanghai',
  policy: upc2013(),
  store: sqlite({ path: data }),
  plugins: [
    audit({ path: data }),
    access({ path: data, people: accounts.map(({ may: _, ...person }) => person), workstations: [{ id: 'control-room-1', name: '监控室 1 号终端', addresses: ['127.0.0.1', '::1'] }] }),
    clocks(),
    recorder({ path: `${data}/recordings` }),
    http({ port: Number(process.env['PORT'] ?? 0) }),
    consoleSite(),
  ],
});
