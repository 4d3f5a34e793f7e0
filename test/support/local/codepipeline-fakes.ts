import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { AwsError } from '../../../local/core/aws-error.ts';
import type { Service } from '../../../local/core/cloud.ts';
import { fakeService } from '../../../local/testing.ts';

interface StoredObject {
  readonly body: Buffer;
  readonly version: string;
}

/** A bucket store with versions, which outlives the runtime that a test ends and starts again. */
export class FakeS3 {
  private readonly objects = new Map<string, StoredObject[]>();
  /** who called, by operation */
  readonly callers: string[] = [];

  put(bucket: string, key: string, body: string | Buffer): string {
    const versions = this.objects.get(`${bucket}/${key}`) ?? [];
    const version = `v${versions.length + 1}-${key}`;
    this.objects.set(`${bucket}/${key}`, [...versions, { body: Buffer.from(body), version }]);
    return version;
  }

  text(location: string): string | undefined {
    return this.objects.get(location)?.at(-1)?.body.toString();
  }

  service(): Service {
    const at = z.looseObject({ Bucket: z.string(), Key: z.string(), VersionId: z.string().optional() });
    const found = (input: unknown) => {
      const { Bucket, Key, VersionId } = at.parse(input);
      const versions = this.objects.get(`${Bucket}/${Key}`) ?? [];
      const object = VersionId ? versions.find(({ version }) => version === VersionId) : versions.at(-1);
      if (!object) throw new AwsError('NoSuchKey', `the key ${Key} does not exist`, 404);
      const ETag = `"${createHash('md5').update(object.body).digest('hex')}"`;
      return {
        object,
        head: { ETag, VersionId: object.version, Metadata: {}, LastModified: new Date(1_700_000_000_000) },
      };
    };
    return fakeService('s3', {
      HeadObject: (input, { principal }) => {
        this.callers.push(`HeadObject ${principal.arn}`);
        return found(input).head;
      },
      GetObject: (input) => {
        const { object, head } = found(input);
        return { ...head, Body: Readable.from([object.body]) };
      },
      PutObject: async (input) => {
        const { Bucket, Key } = at.parse(input);
        const { Body } = z.looseObject({ Body: z.instanceof(Readable) }).parse(input);
        return { ETag: '"x"', VersionId: this.put(Bucket, Key, Buffer.concat(await Body.toArray())) };
      },
    });
  }
}

const startSchema = z.looseObject({
  projectName: z.string(),
  idempotencyToken: z.string(),
  sourceLocationOverride: z.string(),
});

interface FakeBuild {
  readonly id: string;
  readonly input: z.infer<typeof startSchema>;
  buildStatus: string;
  exportedEnvironmentVariables: { name: string; value: string }[];
  phases: object[];
}

/** Builds that run until the test ends them. */
export class FakeCodeBuild {
  readonly builds: FakeBuild[] = [];
  /** if set: what who starts a build waits for before it hears of it */
  answer: Promise<void> | undefined;
  /** whether a build can be stopped */
  stops = true;

  end(build: FakeBuild | undefined, status = 'SUCCEEDED', exported: Record<string, string> = {}): void {
    if (!build) throw new Error('the test ends a build that was never started');
    build.buildStatus = status;
    build.exportedEnvironmentVariables = Object.entries(exported).map(([name, value]) => ({ name, value }));
  }

  service(): Service {
    const byId = (id: string) => this.builds.find((build) => build.id === id);
    return fakeService('codebuild', {
      StartBuild: async (input) => {
        const parsed = startSchema.parse(input);
        const known = this.builds.find((each) => each.input.idempotencyToken === parsed.idempotencyToken);
        if (known) return { build: known };
        const build: FakeBuild = {
          id: `${parsed.projectName}:${this.builds.length + 1}`,
          input: parsed,
          buildStatus: 'IN_PROGRESS',
          exportedEnvironmentVariables: [],
          phases: [],
        };
        this.builds.push(build);
        await this.answer;
        return { build };
      },
      BatchGetBuilds: (input) => ({
        builds: z
          .object({ ids: z.array(z.string()) })
          .parse(input)
          .ids.flatMap((id) => byId(id) ?? []),
      }),
      StopBuild: (input) => {
        if (!this.stops) throw new AwsError('AccessDeniedException', 'the role may not');
        const build = byId(z.object({ id: z.string() }).parse(input).id);
        this.end(build, 'STOPPED');
        return { build };
      },
    });
  }
}
