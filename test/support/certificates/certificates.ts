import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The file of a certificate or key that make.sh has made. */
export const certificateFile = (name: string): string =>
  fileURLToPath(new URL(`${name}.pem`, import.meta.url));

const read = (name: string): string => readFileSync(certificateFile(name), 'utf8');

/** A private authority. */
export const authority = read('authority');
/** Another one, which has signed nothing. */
export const otherAuthority = read('other');
/** One whose time is over. */
export const expiredAuthority = read('expired');
/** What a server of this machine shows, for `localhost`, `127.0.0.1`, `git.test`, its subdomains and `elsewhere.test`: `authority` has signed it. */
export const host = { cert: read('host'), key: read('host-key') };
