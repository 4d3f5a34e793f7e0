import { parseBody } from '../../json.ts';
import type { Receiver } from '../../provider.ts';
import { normalise } from './normalise.ts';
import { github } from './provider.ts';
import { checkSignature } from './signature.ts';

const { signature } = github.door.headers;

export const receiver: Receiver = {
  checkSignature,
  refusals: {
    missing: `has no ${signature}; set a secret on it (the older SHA-1 signature is not taken)`,
    malformed: `has an ${signature} that is not sha256= and 64 hex digits`,
  },
  read: (envelope, body) => {
    const { event } = envelope;
    if (!/^[a-z0-9_]{1,100}$/.test(event))
      throw new Error(
        `the event is ${JSON.stringify(event.slice(0, 200))}: expected the name of an event, such as push`,
      );
    return normalise(envelope, parseBody(body));
  },
};
