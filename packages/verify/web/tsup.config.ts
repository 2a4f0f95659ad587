// The page alone, for whoever runs from the sources.
import { defineConfig } from 'tsup';
import { pageConfig } from './page-config.ts';

export default defineConfig(pageConfig('dist'));
