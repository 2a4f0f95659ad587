// `npm run wanglou -- <arguments>`: the command of packages/cli, from its sources.
import { main } from '../packages/cli/src/index.ts';

process.exitCode = await main(process.argv.slice(2));
