import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { machineDefinition } from '../../operate/deliveries/machine-definition.ts';
import type { MachineAnswer } from '../api.ts';
import { layOut } from './layout.ts';
import type { ConsoleOptions } from './options.ts';

const querySchema = z.object({ execution: z.string().min(1) });

export function machineRoutes(app: FastifyInstance, { connection }: ConsoleOptions): void {
  // A machine changes with a deployment, and its layout takes a while.
  const layouts = new Map<string, Promise<MachineAnswer>>();
  app.get('/machine', async ({ query }): Promise<MachineAnswer> => {
    const { execution } = querySchema.parse(query);
    const definition = await machineDefinition(await connection(), execution);
    const layout = layouts.get(definition) ?? layOut(definition);
    layouts.set(definition, layout);
    return layout;
  });
}
