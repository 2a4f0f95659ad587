// A campus process for tests that kill it: records one camera and tells the worker's process id once pictures are on disk.
import { until } from './running-recorder.ts';
import { nativeWorkerProbe } from './worker-probe.ts';

const [folder = '', url = ''] = process.argv.slice(2);
const probe = nativeWorkerProbe(folder, url);
await until(() => probe.fragments >= 4, 'four fragments');
process.send?.(probe.processIds());
