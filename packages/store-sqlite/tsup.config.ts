import { packageConfig } from '../../tsup.base.ts';

export default packageConfig(['src/index.ts', 'src/writer-thread.ts', 'src/connection-thread.ts']);
