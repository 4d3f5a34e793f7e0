import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from './account-and-region.ts';
import { unsupported } from './aws-error.ts';
import type { Asset, Cloud, Credentials, Guards, Service } from './cloud.ts';
import { ends } from './ends.ts';
import { foreground } from './foreground.ts';
import { perform } from './gate.ts';
import type { Policies } from './iam/policies.ts';
import { actingFor, type Identities } from './identity.ts';
import type { Store } from './store.ts';

interface AccountParts {
  readonly store: Store;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly services: readonly Service[];
  readonly known: Identities;
  readonly policies: Policies;
  readonly guards: Guards;
  readonly endpoint: () => string;
  readonly warn: (message: string) => void;
}

/** The one account, as its services see it: the state that they share, and calls from one to another. */
export function cloudOf({
  store,
  assets,
  services,
  known,
  policies,
  guards,
  endpoint,
  warn,
}: AccountParts): Cloud {
  return {
    account: ACCOUNT,
    region: REGION,
    store,
    get endpoint() {
      return endpoint();
    },
    inputOf: (name, operation) => {
      const { operations = {} } = services.find((candidate) => candidate.name === name) ?? {};
      return Object.hasOwn(operations, operation) ? operations[operation]?.schema : undefined;
    },
    call: async (name, operation, input, principal) => {
      const service = services.find((candidate) => candidate.name === name);
      if (!service) throw unsupported(`the service ${name}`);
      return perform(service, operation, input, { principal, requestId: randomUUID() }, guards);
    },
    policies,
    reserved: new Set(),
    foreground: foreground(),
    ends: ends(),
    role: known.role,
    session: known.session,
    assume: (arn, by) => {
      policies.assume(arn, by);
      return known.role(arn);
    },
    acting: (service, source) => actingFor(ACCOUNT, service, source),
    environment: ({ arn }) => environmentOf(endpoint(), known.session(arn)),
    asset: (objectKey) => assets.get(objectKey),
    warn,
  };
}

function environmentOf(endpoint: string, credentials: Credentials): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
    AWS_EC2_METADATA_DISABLED: 'true',
    // The SDK warns of an older Node on this machine: the warning does not belong into a function's log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
