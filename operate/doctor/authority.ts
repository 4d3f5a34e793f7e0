import { certificatesOf, expiryOf, ownerOf } from '../../events/certificates.ts';
import { type CheckResult, failed, ok, warning } from './finding.ts';

// Time enough for the next deploy.
const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

/** Checks that no certificate of a host's private authority has expired, or will soon. */
export function checkAuthority(host: string, ca: string, now = Date.now()): CheckResult {
  const [first] = certificatesOf(ca).sort((one, other) => end(one) - end(other));
  if (!first) return failed('there is no certificate', `correct hosts.${host}.ca in cdk.json, and deploy`);
  const said = `the certificate of "${ownerOf(first)}"`;
  const advice = `give hosts.${host}.ca in cdk.json the certificate that follows it, beside this one, and deploy`;
  const left = end(first) - now;
  if (left < 0) return failed(`${said} has expired on ${expiryOf(first)}`, advice);
  if (left < SOON_DAYS * DAY_MS) return warning(`${said} expires on ${expiryOf(first)}`, advice);
  return ok(`${said} is trusted at this host until ${expiryOf(first)}`);
}

const end = ({ validTo }: { validTo: string }): number => Date.parse(validTo);
