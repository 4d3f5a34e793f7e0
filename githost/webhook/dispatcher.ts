import { randomUUID } from 'node:crypto';
import { createKeyedQueue } from '../keyed-queue.ts';
import { type Deliveries, type DeliveryRecord, type DeliverySummary, PENDING } from './deliveries.ts';
import { HOST_SCOPE, type Hook, type Hooks } from './hooks.ts';
import { MAX_BODY, requestOf } from './request.ts';
import { send } from './send.ts';

/** The repository, owner or host that a delivery is about. */
interface DeliverySubject {
  /** `owner/name` */
  readonly repository: string | null;
  /** the repository's, owner's or host's number */
  readonly targetId: number;
}

export interface Dispatcher {
  /** records a delivery for each of the hooks, all with one id, and sends them in turn; resolves when they are on disk */
  dispatch(hooks: readonly Hook[], event: string, payload: object, subject: DeliverySubject): Promise<void>;
  /** sends a delivery's bytes again; resolves when that is on disk, `sent` when it has been answered or given up */
  resend(delivery: DeliverySummary): Promise<{ sent: Promise<void> }>;
  /** sends what earlier starts have left to the hooks that are ready for it */
  resume(): void;
  /** sends a hook of the whole host the deliveries that wait for it, and those that come */
  wake(hook: Hook): void;
  isAwake(hook: Hook): boolean;
  /** stops sending; deliveries that were not answered are sent at the next start */
  close(): Promise<void>;
}

/** Sends deliveries: in order for each hook and repository, once each, as GitHub does. */
export function createDispatcher(hooks: Hooks, deliveries: Deliveries, hostName: string): Dispatcher {
  const queue = createKeyedQueue();
  const stop = new AbortController();
  const awake = new Set<number>();
  // The program that holds the host says at every start where its hook is now; the others are ready at once.
  const isAwake = ({ id, scope }: Hook): boolean => scope !== HOST_SCOPE || awake.has(id);
  const attempt = async (id: number): Promise<void> => {
    const record = deliveries.read(id);
    const hook = record && hooks.get(record.hookId);
    // The delivery may have been sent already, when its hook woke in the meantime.
    if (record?.status !== PENDING || stop.signal.aborted) return;
    if (!hook) return deliveries.update({ ...record, status: 'the hook was deleted' });
    if (!isAwake(hook)) return;
    const sent = { ...record, url: hook.url };
    const result = await send(sent, stop.signal);
    if (result) await deliveries.update({ ...sent, ...result });
  };
  const enqueue = ({ id, hookId, repository }: DeliverySummary): Promise<void> =>
    queue.run(`${hookId} ${repository ?? ''}`, () => attempt(id));
  const sendInTurn = (record: DeliverySummary): Promise<void> => {
    const sent = enqueue(record);
    sent.catch((error) => process.emitWarning(`delivery ${record.guid}: ${String(error)}`));
    return sent;
  };
  const sendWaiting = (wanted: (hook: Hook | undefined) => boolean): void => {
    const waiting = deliveries.all().filter(({ status }) => status === PENDING);
    for (const delivery of waiting) if (wanted(hooks.get(delivery.hookId))) void sendInTurn(delivery);
  };
  return {
    dispatch: async (receivers, event, payload, { repository, targetId }) => {
      const guid = randomUUID();
      for (const hook of receivers) {
        const request = requestOf(hook, event, guid, payload, { hostName, id: targetId });
        if (Buffer.byteLength(request.body) > MAX_BODY) {
          process.emitWarning(`a ${event} event of ${repository} is over 25 MB, so hook ${hook.id} has none`);
          continue;
        }
        void sendInTurn(
          await deliveries.add(pending({ guid, event, repository, hookId: hook.id }, hook.url, request)),
        );
      }
    },
    resend: async ({ id }) => {
      const old = deliveries.read(id);
      if (!old) throw new Error(`delivery ${id} is not kept any more: push again`);
      const { guid, event, repository, hookId, url, request } = old;
      const record = pending({ guid, event, repository, hookId }, url, request);
      return { sent: sendInTurn(await deliveries.add({ ...record, redelivery: true })) };
    },
    resume: () => sendWaiting((hook) => !hook || isAwake(hook)),
    wake: (hook) => {
      if (isAwake(hook)) return;
      awake.add(hook.id);
      sendWaiting((woken) => woken?.id === hook.id);
    },
    isAwake,
    close: async () => {
      stop.abort();
      await queue.idle();
    },
  };
}

function pending(
  subject: Pick<DeliveryRecord, 'guid' | 'event' | 'repository' | 'hookId'>,
  url: string,
  request: DeliveryRecord['request'],
): Omit<DeliveryRecord, 'id'> {
  return {
    ...subject,
    url,
    request,
    redelivery: false,
    deliveredAt: new Date().toISOString(),
    duration: 0,
    status: PENDING,
    statusCode: 0,
    response: { headers: {}, body: '' },
  };
}
