// A centre in a process of its own, for tests that kill it: prints its port, then the number of the message of each signal that it tells.
import { writeSync } from 'node:fs';
import { systemClock } from '@wanglou/core';
import type { TestClock } from '@wanglou/core/testing';
import { Centre } from './centre.ts';
import { stormDevices } from './storm.ts';

const centre = await Centre.start(process.argv[2]!, {
  clock: systemClock as TestClock, devices: stormDevices,
  told: ({ frame }) => void writeSync(1, `${frame}\n`),
});
writeSync(1, `port ${centre.port}\n`);
