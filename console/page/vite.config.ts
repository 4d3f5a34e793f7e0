import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  build: { outDir: '../dist', emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
  // The page's policy lets no data: address load but an image's.
  assetsInclude: [],
  logLevel: 'warn',
});
