// Builds the page into dist/site. No inline script or style, so that the strictest content security policy holds.
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  root: new URL('./web', import.meta.url).pathname,
  base: '/',
  plugins: [react()],
  // The verifier is bundled from its source, as everything here is.
  resolve: { conditions: ['@wanglou/source', ...defaultClientConditions] },
  build: {
    outDir: '../dist/site',
    emptyOutDir: true,
    // Windows 7 control rooms stop at Chrome 109.
    target: 'chrome100',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
  },
});
