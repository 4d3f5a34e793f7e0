import type { FastifyInstance, FastifyRequest } from 'fastify';
import { numberOf } from '../payload/ids.ts';
import type { DeliveryRecord, DeliverySummary } from '../webhook/deliveries.ts';
import type { Hook } from '../webhook/hooks.ts';
import { type ApiContext, addressOf } from './api-context.ts';
import { appHookOf } from './apps.ts';
import { hookOf } from './hooks.ts';
import { pageByCursor } from './paging.ts';
import { notFound, paramsOf } from './request-and-error.ts';

/** The routes that show a hook's deliveries and send them again. */
export function deliveryRoutes(scope: FastifyInstance, context: ApiContext): void {
  for (const hooks of ['/repos/:owner/:repo/hooks', '/orgs/:org/hooks'])
    routes(scope, context, `${hooks}/:id/deliveries`, (request) => hookOf(context, request));
  routes(scope, context, '/app/hook/deliveries', (request) => appHookOf(context, request));
}

function routes(
  scope: FastifyInstance,
  context: ApiContext,
  path: string,
  hookOf: (request: FastifyRequest) => Hook,
): void {
  const deliveryOf = (request: FastifyRequest) => deliveryAt(context, request, hookOf(request));
  scope.get(path, async (request, reply) => {
    const hook = hookOf(request);
    const newestFirst = context.deliveries.all().filter(({ hookId }) => hookId === hook.id);
    newestFirst.reverse();
    return pageByCursor(newestFirst, request, reply, addressOf(context, request, scope.prefix)).map(
      deliveryListItem,
    );
  });
  scope.get(`${path}/:delivery`, async (request) => deliveryAnswer(deliveryOf(request)));
  scope.post(`${path}/:delivery/attempts`, async (request, reply) => {
    await context.dispatcher.resend(deliveryOf(request));
    return reply.code(202).send({});
  });
}

function deliveryAt(context: ApiContext, request: FastifyRequest, hook: Hook): DeliveryRecord {
  const { delivery = '' } = paramsOf(request);
  const record = /^\d+$/.test(delivery) ? context.deliveries.read(Number(delivery)) : undefined;
  if (record?.hookId !== hook.id) throw notFound();
  return record;
}

const deliveryListItem = (delivery: DeliverySummary) => ({
  id: delivery.id,
  guid: delivery.guid,
  delivered_at: delivery.deliveredAt,
  redelivery: delivery.redelivery,
  duration: delivery.duration,
  status: delivery.status,
  status_code: delivery.statusCode,
  event: delivery.event,
  action: null,
  installation_id: null,
  repository_id: delivery.repository === null ? null : numberOf('repository', delivery.repository),
  throttled_at: null,
});

function deliveryAnswer(record: DeliveryRecord) {
  const { url, request, response } = record;
  const form = request.headers['Content-Type'] === 'application/x-www-form-urlencoded';
  const json = form ? (new URLSearchParams(request.body).get('payload') ?? '') : request.body;
  return {
    ...deliveryListItem(record),
    url,
    request: { headers: request.headers, payload: JSON.parse(json) },
    response: { headers: response.headers, payload: response.body },
  };
}
