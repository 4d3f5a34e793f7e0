import { fileURLToPath } from 'node:url';
import { synthesizeHere } from '../synthesize-here.ts';

const RULES = fileURLToPath(new URL('rules', import.meta.url));
const HOSTS = { 'github.com': { provider: 'github', url: 'https://github.com', app: true } };

/** The cloud assembly with rules that use all of it, and a host that may have an App. @param outdir its folder */
export const grantsAssembly = (outdir: string): Promise<string> =>
  synthesizeHere(outdir, { rules: RULES, settings: { hosts: HOSTS } });
