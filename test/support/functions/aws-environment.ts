import { vi } from 'vitest';

/** What the clients of a step find AWS by, at a fake of it. `vi.unstubAllEnvs` takes it back. */
export function stubAwsEnvironment(endpoint: string, more: Readonly<Record<string, string>> = {}): void {
  const values = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    HOSTS_PARAMETER: 'hosts',
    REFS_TABLE: 'refs',
    ARTIFACT_BUCKET: 'bucket',
    ...more,
  };
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
}
