import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { type StackOutputs, stackOutputs } from '../../operate/connection/outputs.ts';

const localSchema = z.object({
  endpointUrl: z.string(),
  gitUrl: z.string(),
  consoleUrl: z.string(),
  stackName: z.string(),
  /** the account's access key on this machine */
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  /** the folder of rules that is watched */
  rulesFolder: z.string().optional(),
});

/**
 * The addresses and the key of a running `hookline up`, in a file of its state folder by which other processes find it.
 */
export type LocalAddress = z.infer<typeof localSchema>;

/** The file of a `LocalAddress`, there as long as the runtime runs. */
export const addressFile = (data: string): string => join(data, 'address.json');

/**
 * The addresses and names of a deployment; the addresses of the runtime, its git host and its console only on this
 * machine.
 */
export type Outputs = StackOutputs & Partial<Addresses>;

type Addresses = Pick<LocalAddress, 'endpointUrl' | 'gitUrl' | 'consoleUrl'>;

/** @throws when no runtime runs on that folder */
export async function localOutputs(data: string): Promise<Outputs> {
  const address = await readAddress(data);
  return { ...(await addressesOf(data)), ...(await stackOutputs(address.stackName, accessOf(address))) };
}

/** The addresses on this machine. @throws when no runtime runs on that folder */
export async function addressesOf(data: string): Promise<Addresses> {
  const { endpointUrl, gitUrl, consoleUrl } = await readAddress(data);
  return { endpointUrl, gitUrl, consoleUrl };
}

/** @throws when no runtime runs on that folder */
export async function readAddress(data: string): Promise<LocalAddress> {
  try {
    return localSchema.parse(JSON.parse(await readFile(addressFile(data), 'utf8')));
  } catch (cause) {
    throw new Error(
      `no hookline runs on the folder ${data}: start one with "hookline up --data ${data}", or name a deployed stack with --stack`,
      { cause },
    );
  }
}

/** The options of a client of the AWS SDK that is the account on this machine. */
export interface LocalAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: LocalAddress['credentials'];
}

/** The SDK's options for a client of the runtime. */
export const accessOf = ({
  endpointUrl,
  credentials,
}: Pick<LocalAddress, 'endpointUrl' | 'credentials'>): LocalAccess => ({
  endpoint: endpointUrl,
  region: 'us-east-1',
  credentials,
});
