import { createHmac } from 'node:crypto';
import { APP_SCOPE, HOST_SCOPE, type Hook } from './hooks.ts';

/** The version of GitHub Enterprise Server whose webhooks and API these are. */
export const SERVER_VERSION = '3.17.0';

// Larger ones are not sent: GitHub's cap.
export const MAX_BODY = 25 * 1024 * 1024;

/** The request for an event. The signature is made of exactly this body. */
export interface HookRequest {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export function requestOf(
  hook: Hook,
  event: string,
  guid: string,
  payload: object,
  target: { hostName: string; id: number },
): HookRequest {
  const json = JSON.stringify(payload);
  const form = hook.contentType === 'form';
  const body = form ? new URLSearchParams({ payload: json }).toString() : json;
  return {
    body,
    headers: {
      Accept: '*/*',
      'Content-Type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      'User-Agent': 'GitHub-Hookshot/hookline',
      'X-GitHub-Delivery': guid,
      'X-GitHub-Enterprise-Host': target.hostName,
      'X-GitHub-Enterprise-Version': SERVER_VERSION,
      'X-GitHub-Event': event,
      'X-GitHub-Hook-ID': String(hook.id),
      'X-GitHub-Hook-Installation-Target-ID': String(target.id),
      'X-GitHub-Hook-Installation-Target-Type': targetType(hook),
      ...(hook.secret ? { 'X-Hub-Signature-256': signature(hook.secret, body) } : {}),
    },
  };
}

const signature = (secret: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

function targetType({ scope }: Hook): string {
  if (scope === HOST_SCOPE) return 'business';
  if (scope.startsWith(APP_SCOPE)) return 'integration';
  return scope.startsWith('orgs/') ? 'organization' : 'repository';
}
