import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

it('what nobody handles is told, and what LMDB says a second time is not', async () => {
  // In a process of its own: the runner listens for such errors too.
  const program = `
    const { firstUnhandled } = await import('./cli/up/unhandled.ts');
    const told = firstUnhandled().catch((error) => process.stdout.write(error.message));
    Promise.reject(Object.assign(new Error('said before'), { commitError: undefined }));
    setTimeout(() => Promise.reject(new Error('the disk is full')), 1);
    await told;`;
  const { stdout, stderr } = await execa(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program],
    { cwd: ROOT },
  );
  expect({ stdout, stderr }).toEqual({ stdout: 'the disk is full', stderr: '' });
});
