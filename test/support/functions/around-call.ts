import { S3Client } from '@aws-sdk/client-s3';

/** What is done around one call of AWS. */
export interface Around {
  readonly before?: () => Promise<void>;
  readonly after?: () => Promise<void>;
  /** what is answered in place of AWS, which is not asked */
  readonly instead?: object;
}

type Send = (this: unknown, command: object, ...rest: unknown[]) => Promise<unknown>;

/**
 * Does something around the first call of an operation that any client makes in `work`, as another function may between
 * two calls of this one.
 * @param operation its name, `CopyObject`
 * @throws when `work` makes no such call
 */
export async function aroundCall<T>(operation: string, around: Around, work: () => Promise<T>): Promise<T> {
  const client = baseOf(S3Client.prototype);
  const send: Send = Reflect.get(client, 'send');
  let isMade = false;
  const watched: Send = async function (command, ...rest) {
    const isFirst = !isMade && command.constructor.name.replace(/Command$/, '') === operation;
    if (!isFirst) return Reflect.apply(send, this, [command, ...rest]);
    isMade = true;
    await around.before?.();
    try {
      return around.instead ?? (await Reflect.apply(send, this, [command, ...rest]));
    } finally {
      await around.after?.();
    }
  };
  Reflect.set(client, 'send', watched);
  const result = await work().finally(() => Reflect.set(client, 'send', send));
  if (!isMade) throw new Error(`no call of ${operation} was made`);
  return result;
}

/** What every client of the SDK inherits from. */
export function baseOf(prototype: object): object {
  return Object.hasOwn(prototype, 'send') ? prototype : baseOf(Reflect.getPrototypeOf(prototype) ?? {});
}
