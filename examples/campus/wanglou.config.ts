// The example campus 青岛校区: nine simulated cameras under the rules of upc-2013.
// Copy this file, put your cameras and people in, and run `wanglou start`.
import { defineCampus } from '@wanglou/core';
import { access } from '@wanglou/plugin-access';
import { alarm } from '@wanglou/plugin-alarm';
import { audit } from '@wanglou/plugin-audit';
import { consoleSite } from '@wanglou/plugin-console';
import { http } from '@wanglou/plugin-http';
import { onvif } from '@wanglou/plugin-onvif';
import { recorder } from '@wanglou/plugin-recorder';
import { upc2013 } from '@wanglou/policies';
import { sqlite } from '@wanglou/store-sqlite';
import { accounts } from './accounts.ts';
import { cameras } from './cameras.ts';

const data = process.env['DATA_DIR'] ?? './.data';

export default defineCampus({
  name: { zh: '青岛校区', en: 'Qingdao Campus' },
  timeZone: 'Asia/Shanghai',
  policy: upc2013(),
  store: sqlite({ path: data }),
  plugins: [
    audit({ path: data }),
    // Before all that may raise one.
    alarm(),
    access({
      path: data,
      people: accounts.map(({ may: _, ...person }) => person),
      workstations: [{ id: 'control-room-1', name: '监控室 1 号终端', addresses: ['127.0.0.1', '::1'] }],
    }),
    onvif({ cameras: cameras(Number(process.env['SIM_PORT'] ?? 18_600)) }),
    recorder({ path: `${data}/recordings` }),
    http({ host: process.env['HOST'] ?? '127.0.0.1', port: Number(process.env['PORT'] ?? 8080) }),
    consoleSite(),
  ],
});
