#!/usr/bin/env node
// The sources are TypeScript and run as they are; what would take long to load is bundled by the first start.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// Whoever reads may have read enough: `hookline deliveries list | head -1`.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));
const { runCommand } = await import('./start/run-command.mjs');
await runCommand(process.argv);
