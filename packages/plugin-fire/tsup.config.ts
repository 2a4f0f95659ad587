import { packageConfig } from '../../tsup.base.ts';

export default packageConfig(['src/index.ts', 'src/contract.ts', 'src/gb26875.ts']);
