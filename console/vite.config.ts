import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { compressedFiles } from './build/compressed-files.ts';

export default defineConfig({
  base: '/console/',
  plugins: [tailwindcss(), compressedFiles()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // Of a small picture too: the policy of the pages allows no inline script or style.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/v1': { target: 'http://localhost:8080', ws: true },
      '/api': 'http://localhost:8080',
    },
  },
});
