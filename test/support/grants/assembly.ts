import { fileURLToPath } from 'node:url';
import { synthesize } from '../../../cli/up/synthesis.ts';

/** The cloud assembly with rules that use all of it. @returns its folder */
export async function grantsAssembly(): Promise<string> {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const rules = fileURLToPath(new URL('rules', import.meta.url));
  return (await synthesize(root, { rules })).directory;
}
