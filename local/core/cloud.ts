import type { FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import type { Ends } from './ends.ts';
import type { Foreground } from './foreground.ts';
import type { Statement } from './iam/document.ts';
import type { Store } from './store.ts';

/** Who makes a call: a role's session, the administrator, or a service of AWS. */
export interface Principal {
  /** `arn:aws:iam::000000000000:role/NAME`; of a service the account's, `arn:aws:iam::000000000000:root` */
  readonly arn: string;
  readonly accessKeyId: string;
  /** the service that calls for itself: `events.amazonaws.com` */
  readonly service?: string;
  /** the ARN of the resource for which a service calls, such as a rule */
  readonly source?: string;
}

/** An access key, as AWS's clients take it. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** the token of a session's key, which is unknown without its token */
  readonly sessionToken?: string;
}

/** The caller of an operation, as the operation knows it. */
export interface Call {
  readonly principal: Principal;
  readonly requestId: string;
}

/** A call that came over HTTP, for a handler that reads the request itself. */
export interface HttpCall extends Call {
  /**
   * Carries out an operation of the handler's own service.
   * @throws UnsupportedOperation for an operation or a member that the service does not have
   */
  perform(operation: string, input: unknown): unknown;
}

/** One API operation: the shape of its input, and what it does with an input of that shape. It throws `AwsError`. */
export interface Operation<S extends z.ZodType = z.ZodType> {
  readonly schema: S;
  run(input: z.output<S>, call: Call): unknown;
  /** the permissions that the caller needs, where core/iam/access.ts cannot tell from the input */
  access?(input: z.output<S>): readonly Access[];
}

/** A permission that a call needs: an action on a resource. */
export interface Access {
  /** `SendMessage` of the operation's own service, or of another with its name: `iam:PassRole` */
  readonly action: string;
  /** an ARN, or `*` */
  readonly resource: string;
  /** the service that a role is handed to: `events.amazonaws.com` */
  readonly passedTo?: string;
  /** the keys of conditions that hang on the call: `aws:ResourceTag/team` */
  readonly conditions?: Readonly<Record<string, string>>;
}

/** Lets a call through, or throws the service's own error for one that is denied. */
export type Check = (service: Service, operation: string, input: unknown, call: Call) => void;

/** One call of an operation, as an interceptor sees it: its input has the operation's shape, and no policy denied it. */
export interface Intercepted extends Call {
  /** `dynamodb` */
  readonly service: string;
  /** `PutItem` */
  readonly operation: string;
  readonly input: unknown;
}

/**
 * Stands around every operation: counts it, delays it, or throws in its place.
 * @param run carries the operation out, with the input that it is given
 * @returns the operation's answer
 */
export type Intercept = (call: Intercepted, run: (input: unknown) => unknown) => unknown;

/** The checks that every call passes on its way to the operation. */
export interface Guards {
  /** denies what no policy allows; without it, every caller may do everything */
  readonly check?: Check;
  readonly intercept?: Intercept;
}

/**
 * The register in which the resources of a stack put their policies. A later policy of an `id` replaces the earlier
 * one.
 */
export interface PolicyRegister {
  /** whether the policies let the principal do this */
  allows(principal: Principal, action: string, resource: string): boolean;
  /** a role that can be assumed, and by whom */
  trust(roleArn: string, statements: readonly Statement[]): void;
  /** a policy that says what these roles may do */
  identity(id: string, roleArns: readonly string[], statements: readonly Statement[]): void;
  /** a policy that says who may do what to these resources */
  resource(id: string, resources: readonly string[], statements: readonly Statement[]): void;
  remove(id: string): void;
}

/** One CloudFormation resource type: the shape of its properties, how it is made, and how it is taken away. */
export interface ResourceType<S extends z.ZodType = z.ZodType> {
  readonly schema: S;
  /** called at every start and for every change, so idempotent */
  make(properties: z.output<S>, resource: Resource): Promise<Provisioned> | Provisioned;
  /** removes a resource that an update of its stack leaves out; a type without `remove` needs a new start */
  remove?(resource: Resource, made: Provisioned): Promise<void> | void;
}

/** A REST service (S3, Lambda) reads the request itself; the body of `request` is an unread stream. */
export type HttpHandler = (request: FastifyRequest, reply: FastifyReply, call: HttpCall) => Promise<unknown>;

/** One resource of the template, every intrinsic function in its properties already resolved. */
export interface Resource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
  /** the name CloudFormation would make up, the same at every start: `Stack-LogicalId-HASH` */
  readonly generatedName: string;
}

/** The values of `Ref` and `Fn::GetAtt` for a resource. */
export interface Provisioned {
  readonly ref: string;
  readonly attributes?: Record<string, string>;
}

/** One AWS service of the runtime. */
export interface Service {
  /** the SigV4 service name: `states`, `events`, `s3`, `lambda`, … */
  readonly name: string;
  /** by the name in `X-Amz-Target` after the dot, or the `Action` of the query protocol */
  readonly operations: Readonly<Record<string, Operation>>;
  /** the service's error code for an input of the wrong form; `ValidationException` by default */
  readonly invalidInput?: string;
  /** and for one that lacks a member; by default the same */
  readonly missingInput?: string;
  /** speaks AWS's query protocol, and not JSON */
  readonly query?: true;
  /** for services in a REST protocol; JSON and query services leave it out */
  readonly http?: HttpHandler;
  /** unsigned HTTP below these path prefixes, for example `/execute-api/` */
  readonly mounts?: Readonly<Record<string, HttpHandler>>;
  /** CloudFormation resource types this service makes; called at every start and for every change, so idempotent */
  readonly resources: Readonly<Record<string, ResourceType>>;
  /** called when every resource is made: takes up unfinished work */
  start?(): Promise<void>;
  /** ends every child process, worker and timer */
  stop?(): Promise<void>;
}

/** The file or folder behind an asset of the assembly. */
export interface Asset {
  readonly path: string;
  readonly packaging: 'zip' | 'file';
}

/** The account of a service, and the way to the other services. */
export interface Cloud {
  readonly account: string;
  readonly region: string;
  readonly store: Store;
  /** `http://127.0.0.1:PORT`, known once the server listens */
  readonly endpoint: string;
  /** the shape of an operation's input; undefined for one that no service of this runtime has */
  inputOf(service: string, operation: string): z.ZodType | undefined;
  /** calls another service of this runtime, as `principal`; every call, from HTTP or from here, passes one gate */
  call(service: string, operation: string, input: unknown, principal: Principal): Promise<unknown>;
  readonly policies: PolicyRegister;
  /** the functions, by name, whose concurrency is reserved: who invokes more at once is refused, and does not wait in line */
  readonly reserved: Set<string>;
  /** before which work in the background stands back */
  readonly foreground: Foreground;
  /** the ends of builds, by their ids */
  readonly ends: Ends;
  /** the principal of a role, which nobody is asked for */
  role(roleArn: string): Principal;
  /**
   * The principal of a role, taken up by a service or by another role.
   * @throws AccessDenied when no stack makes the role, or it does not trust whoever takes it up
   */
  assume(roleArn: string, by: Principal): Principal;
  /**
   * A service of AWS that acts for itself.
   * @param service `events.amazonaws.com`
   * @param source the ARN of what it acts for, which it tells as `aws:SourceArn`; not told unless AWS documents it
   */
  acting(service: string, source?: string): Principal;
  /** the access key of a role's session */
  session(arn: string): Credentials;
  /** environment variables that make any AWS SDK or CLI talk to this runtime as the role that was assumed */
  environment(role: Principal): Record<string, string>;
  /** the asset that the assembly would upload to this key of its asset bucket */
  asset(objectKey: string): Asset | undefined;
  /** prints one line at the terminal about a failure in the background */
  warn(message: string): void;
}
