import { packageConfig } from '../../tsup.base.ts';

export default packageConfig(['src/gb26875.ts']);
