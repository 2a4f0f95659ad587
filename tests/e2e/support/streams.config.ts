// A small campus without ONVIF: its cameras are stream addresses, given as JSON in STREAMS.
import { cameras, createSignal, defineCampus, definePlugin, objectSchema, Secret, type Camera } from '../../../packages/core/src/index.ts';
import { access } from '../../../packages/plugin-access/src/index.ts';
import { audit } from '../../../packages/plugin-audit/src/index.ts';
import { http } from '../../../packages/plugin-http/src/index.ts';
import { recorder } from '../../../packages/plugin-recorder/src/index.ts';
import { upc2013 } from '../../../packages/policies/src/index.ts';
import { sqlite } from '../../../packages/store-sqlite/src/index.ts';
import { accounts } from '../../../examples/campus/accounts.ts';

/** A camera of this campus. */
export interface StreamCamera {
  readonly id: string;
  readonly url: string;
  readonly credentials?: { readonly username: string; readonly password: string };
}

function standIn({ id, url, credentials }: StreamCamera): Camera {
  const source = {
    list: async () => [{ id: 'main', role: 'main', codec: 'h264', width: 640, height: 360 } as const],
    resolve: async () => ({ url: new URL(url), ...(credentials && { credentials: new Secret(credentials) }) }),
  };
  return {
    id,
    info: { id, name: { zh: id, en: id } },
    state: createSignal('online'),
    problem: createSignal(undefined),
    has: (capability) => capability === 'stream',
    get: () => source as never,
  };
}

const streams = definePlugin({
  id: 'streams',
  config: objectSchema({}),
  setup(ctx) {
    for (const camera of JSON.parse(process.env['STREAMS'] ?? '[]') as StreamCamera[]) ctx.contribute(cameras, standIn(camera));
  },
});

const data = process.env['DATA_DIR'] ?? './data';

export default defineCampus({
  name: { zh: '试验校区', en: 'Test campus' },
  timeZone: 'Asia/Shanghai',
  policy: upc2013(),
  store: sqlite({ path: data }),
  plugins: [
    audit({ path: data }),
    access({ people: accounts.map(({ may: _, ...person }) => person), workstations: [{ id: 'w', name: 'w', addresses: ['127.0.0.1'] }] }),
    streams(),
    recorder({ path: `${data}/recordings` }),
    http({ port: Number(process.env['PORT'] ?? 0) }),
  ],
});
