import * as z from 'zod';
import { hostSettingSchema } from '../events/hosts.ts';
import { providerNames, usualProvider } from '../events/providers/index.ts';
import { MAX_RULE_NAME_LENGTH } from '../events/rule-name.ts';
import { hostsSchema } from './host-settings.ts';
import { DEFAULT_NAME } from './names.ts';
import { shownSetting } from './shown-setting.ts';

// The name of a rule on the bus has 64 characters: this name, a hyphen, and the 40 that a rule's own name may have. No
// other name that is made of it has less room (infra/names.ts).
const MAX_NAME_LENGTH = 64 - 1 - MAX_RULE_NAME_LENGTH;

const nameSchema = z
  .string()
  .regex(new RegExp(`^(?=.{1,${MAX_NAME_LENGTH}}$)[a-z](?:-?[a-z0-9])*$`), {
    error: `expected lower-case letters, digits and single hyphens between them, a letter first, ${MAX_NAME_LENGTH} at most`,
  })
  .refine((name) => name !== 'default', { error: 'expected another name: each account has a bus default' });

const throttleSchema = z.strictObject({ rate: z.number().positive(), burst: z.number().int().positive() });

const vpcSchema = z.strictObject({
  id: z.string().regex(/^vpc-[0-9a-f]+$/),
  availabilityZones: z.array(z.string()).min(1),
  privateSubnetIds: z.array(z.string().regex(/^subnet-[0-9a-f]+$/)).min(1),
});

const privateDoorSchema = z.strictObject({
  vpcEndpointIds: z.array(z.string().regex(/^vpce-[0-9a-f]+$/)).min(1),
});

const domainSchema = z.strictObject({
  name: z.string().regex(/^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
    error: 'expected a domain such as hooks.example.com, in lower case',
  }),
  certificate: z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, {
    error: "expected the ARN of a certificate of AWS Certificate Manager, in the stack's Region",
  }),
});

// The retention periods that CloudWatch Logs takes.
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

// The policy of an API has 8,192 bytes: 400 of them are not the ranges.
const MAX_RANGES_LENGTH = 7_700;

const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tagsSchema = z
  .record(
    z.string(),
    z.string().max(256).regex(TAG, { error: 'expected letters, digits, spaces and _ . : / = + - @' }),
  )
  .refine((tags) => Object.keys(tags).every((name) => /^(?!aws:).{1,128}$/.test(name) && TAG.test(name)), {
    error:
      'expected names of 128 characters at most, of letters, digits, spaces and _ . : / = + - @, that do not begin with aws:',
  });

const settingsSchema = z.strictObject({
  /** what every fixed name begins with: one for each Hookline in an account and a Region */
  name: nameSchema.default(DEFAULT_NAME),
  /** the git hosts by the name that their deliveries carry */
  hosts: hostsSchema.default({
    [usualProvider.usualHost.name]: {
      provider: providerNames[0],
      url: usualProvider.usualHost.url,
      clone: 'https',
    },
  }),
  /** how long a delivery can be replayed */
  archiveDays: z.number().int().min(1).max(3650).default(90),
  /** how long logs are kept */
  logDays: z.literal(LOG_DAYS).default(90),
  /** how long a version of an artifact is kept after a newer one has replaced it */
  oldVersionDays: z.number().int().min(1).default(90),
  /** how long the artifact of a commit is kept, also as the newest of its ref, whose pointer stays; for ever by default */
  artifactDays: z.number().int().min(1).optional(),
  /** what the door lets in, in requests a second */
  throttle: throttleSchema.default({ rate: 10, burst: 200 }),
  /** the addresses that the door lets in, by default all of them: the ranges that the hosts' webhooks come from */
  allowFrom: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .min(1)
    .refine((ranges) => JSON.stringify(ranges).length <= MAX_RANGES_LENGTH, {
      error: `expected some ${MAX_RANGES_LENGTH} characters at most, as the policy of an API holds 8192: join ranges that follow each other`,
    })
    .optional(),
  /** a domain of your own for the door, and the certificate for it */
  domain: domainSchema.optional(),
  /** a part of the door's address that nobody guesses; it is no secret, as whoever reads the stack reads it */
  doorKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{20,100}$/, {
      error: 'expected 20 to 100 letters, digits, _ and -, as "openssl rand -hex 20" prints them',
    })
    .optional(),
  /** how many executions of Validate may run at once, set aside from the account's; no bound of its own by default */
  validateConcurrency: z.number().int().min(1).optional(),
  /** how often what a git host never sends again is looked for; `false` leaves that out */
  reconcile: z
    .union([z.literal(false), z.strictObject({ minutes: z.number().int().min(5).max(1440) })], {
      error: 'expected false, or { minutes } from 5 to 1440',
    })
    .default({ minutes: 15 }),
  /** whether the stack has the example pipeline, which the rule `demo` starts; by default only that of `hookline up` has */
  examplePipeline: z.boolean().optional(),
  /** whether the stack gives API Gateway the account's one role to write logs with; `false` where it has one */
  apiGatewayLogRole: z.boolean().default(true),
  /** the VPC of the pull on EC2 compute, for hosts that only it reaches */
  vpc: vpcSchema.optional(),
  /** makes the door private: it answers at these interface endpoints for `execute-api`, and nowhere else */
  privateDoor: privateDoorSchema.optional(),
  /** the ARN or the name of the policy that bounds every role */
  permissionsBoundary: z
    .string()
    .regex(/^(?:arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[!-~]{1,512}|[\w+=,.@-]{1,128})$/, {
      error: 'expected the ARN of a policy, or its name in this account',
    })
    .optional(),
  /** the path of every role */
  rolePath: z
    .string()
    .max(512)
    .regex(/^\/(?:[!-.0-~]+\/)+$/, { error: 'expected a path as /teams/delivery/' })
    .optional(),
  /** the ARN of the account's key that encrypts what is kept */
  kmsKey: z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]{1,256}$/, {
      error: "expected the ARN of a key of KMS in the stack's Region, not of an alias",
    })
    .optional(),
  /** the tags of the stack, which CloudFormation gives to every resource that takes tags */
  tags: tagsSchema.optional(),
  /** who is mailed when something ends in the dead queue */
  alarmEmail: z.email().optional(),
});

const schema = settingsSchema.superRefine(({ hosts, vpc, allowFrom, privateDoor, domain }, context) => {
  for (const [name, host] of Object.entries(hosts))
    if (host.vpc && !vpc)
      context.addIssue({
        code: 'custom',
        path: ['hosts', name, 'vpc'],
        input: true,
        message: 'expected the setting vpc beside hosts, which names the VPC',
      });
  if (domain && privateDoor)
    context.addIssue({
      code: 'custom',
      path: ['domain'],
      input: domain,
      message: 'a private door has no domain of its own here: leave one of the two out',
    });
  if (allowFrom && privateDoor)
    context.addIssue({
      code: 'custom',
      path: ['allowFrom'],
      input: allowFrom,
      message:
        'a private door does not see the addresses of senders: leave it out, and let the security group of the endpoint name them',
    });
});

/** The `hookline` context of cdk.json. */
export type Settings = z.infer<typeof schema> & { readonly examplePipeline: boolean };

/**
 * @param local whether the stack is one of `hookline up`
 * @throws with each wrong setting: its path, what was read and what is allowed
 */
export function readSettings(context: unknown, local = false): Settings {
  const parsed = schema.safeParse(context ?? {}, { reportInput: true });
  if (parsed.success) return { ...parsed.data, examplePipeline: parsed.data.examplePipeline ?? local };
  const messages = parsed.error.issues.map((issue) => {
    const read = issue.input === undefined ? 'missing' : shownSetting(issue.path, issue.input);
    const path = ['hookline', ...issue.path].join('.');
    return issue.code === 'unrecognized_keys'
      ? `cdk.json: ${path} has no setting ${issue.keys.join(', ')} (allowed: ${allowedAt(issue.path)})`
      : `cdk.json: ${path} is ${read}: ${issue.message.replace(/^Invalid (input|option): /, '')}`;
  });
  throw new Error(messages.join('\n'));
}

const below = new Map<PropertyKey | undefined, { readonly shape: object }>([
  ['hosts', hostSettingSchema],
  ['throttle', throttleSchema],
  ['vpc', vpcSchema],
  ['domain', domainSchema],
  ['privateDoor', privateDoorSchema],
]);

const allowedAt = ([setting]: readonly PropertyKey[]): string =>
  Object.keys((below.get(setting) ?? settingsSchema).shape).join(', ');
