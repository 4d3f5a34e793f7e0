import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onwarn: (warning, warn) => {
        // "use client" means something to a server that renders React, and there is none.
        const harmless =
          warning.code === 'MODULE_LEVEL_DIRECTIVE' && warning.message.includes('"use client"');
        if (!harmless) warn(warning);
      },
    },
  },
  logLevel: 'warn',
});
