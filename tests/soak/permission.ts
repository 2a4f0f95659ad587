// `npm run soak -- permission [times]`: the properties of permission over many more sequences, and the proofs over many more packs.
import { run } from '../../scripts/lib.ts';

const times = process.argv[2] ?? '20';
const files = ['packages/plugin-access/test/properties.test.ts', 'packages/core/test/proof', 'packages/core/test/policy-engine.test.ts', 'packages/policies/test'];
const { code } = await run('vitest', ['run', '--project', 'unit', '--testTimeout=3600000', ...files], { show: true, env: { PROPERTY_TIMES: times } });
process.exitCode = code;
