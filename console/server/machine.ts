import { DescribeStateMachineForExecutionCommand } from '@aws-sdk/client-sfn';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { MachineAnswer } from '../api.ts';
import type { ConsoleParts } from './index.ts';
import { layOut } from './layout.ts';

const querySchema = z.object({ execution: z.string().min(1) });

export function machineRoutes(app: FastifyInstance, { connection }: ConsoleParts): void {
  // A machine changes with a deployment, and its layout takes a while.
  const layouts = new Map<string, Promise<MachineAnswer>>();
  app.get('/machine', async ({ query }): Promise<MachineAnswer> => {
    const { execution: executionArn } = querySchema.parse(query);
    const { sfn } = await connection();
    const { definition = '{}' } = await sfn.send(
      new DescribeStateMachineForExecutionCommand({ executionArn }),
    );
    const layout = layouts.get(definition) ?? layOut(definition);
    layouts.set(definition, layout);
    return layout;
  });
}
