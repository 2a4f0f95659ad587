import { packageConfig } from '../../tsup.base.ts';

// `clean` stays off: dist/site belongs to the page's build.
export default packageConfig(['src/index.ts'], false);
