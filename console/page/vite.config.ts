import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      onwarn: (warning, warn) => {
        // "use client" is for servers that render React: the console has none.
        const harmless =
          warning.code === 'MODULE_LEVEL_DIRECTIVE' && warning.message.includes('"use client"');
        if (!harmless) warn(warning);
      },
    },
  },
  logLevel: 'warn',
});
