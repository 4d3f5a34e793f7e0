import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  build: { outDir: '../dist', emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
  logLevel: 'warn',
});
