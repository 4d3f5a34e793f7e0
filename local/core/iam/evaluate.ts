import type { Statement } from './document.ts';

/** A request: an action of a principal on a resource. */
export interface Request {
  /** a role's ARN, or a service such as `events.amazonaws.com` */
  readonly principal: string;
  /** `sqs:SendMessage` */
  readonly action: string;
  readonly resource: string;
  /** the keys of conditions, in lower case: `aws:sourcearn` */
  readonly context: Readonly<Record<string, string>>;
}

/** The verdict of a list of statements on a request. */
export type Verdict = 'allowed' | 'denied' | 'silent';

/**
 * Whose the statements are: the caller's, which name no principal, the resource's, or of the role that is to be assumed.
 * An account that a resource's policy lets in hands the decision to its own policies, as it does to whom it trusts.
 */
export type Side = 'caller' | 'resource' | 'trust';

/** An explicit deny stands above every allow. */
export function verdictOf(statements: readonly Statement[], request: Request, side: Side): Verdict {
  const told = statements.filter((statement) => applies(statement, request, side));
  if (told.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return told.length > 0 ? 'allowed' : 'silent';
}

/** Whether a statement says anything of a request. */
export function applies(statement: Statement, request: Request, side: Side): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const action = request.action.toLowerCase();
  const named = (patterns: readonly string[]) =>
    patterns.some((each) => matchesStars(each.toLowerCase(), action));
  const placed = (patterns: readonly string[]) =>
    patterns.some((each) => matchesStars(each, request.resource));
  return (
    (Action ? named(Action) : NotAction !== undefined && !named(NotAction)) &&
    (Resource ? placed(Resource) : NotResource === undefined || !placed(NotResource)) &&
    (side === 'caller' || isFor(statement, request, side)) &&
    Object.entries(Condition).every(([operator, keys]) => holds(operator, keys ?? {}, request))
  );
}

type Principals = NonNullable<Statement['Principal']>;

function isFor({ Effect, Principal, NotPrincipal }: Statement, { principal }: Request, side: Side): boolean {
  if (Principal) return names(Principal, principal, side === 'trust' || Effect === 'Deny');
  return NotPrincipal !== undefined && !names(NotPrincipal, principal, true);
}

/** @param ofAccount whether an account's root stands for whoever is of the account */
function names({ AWS = [], ...others }: Principals, principal: string, ofAccount: boolean): boolean {
  const service = 'Service' in others ? (others.Service ?? []) : [];
  if (AWS.includes('*') || service.includes(principal)) return true;
  if (AWS.includes(principal)) return true;
  const account = principal.split(':')[4] ?? '';
  return (
    ofAccount && account !== '' && (AWS.includes(account) || AWS.includes(`arn:aws:iam::${account}:root`))
  );
}

function holds(
  operator: string,
  keys: Readonly<Record<string, readonly string[]>>,
  { context }: Request,
): boolean {
  const name = operator.replace(/IfExists$/, '');
  return Object.entries(keys).every(([key, wanted]) => {
    const value = context[key.toLowerCase()];
    if (name === 'Null') return wanted.includes(String(value === undefined));
    if (value === undefined) return operator.endsWith('IfExists') || name.includes('Not');
    const equal = wanted.some((each) => compared(name, each, value));
    return name.includes('Not') ? !equal : equal;
  });
}

function compared(name: string, wanted: string, value: string): boolean {
  if (name === 'Bool') return wanted.toLowerCase() === value.toLowerCase();
  if (name.startsWith('Arn')) return arnLike(wanted, value);
  return name.endsWith('Like') ? matchesStars(wanted, value) : wanted === value;
}

/** Compares each of an ARN's six parts alone, so that a `*` does not reach over a colon of the first five. */
function arnLike(pattern: string, arn: string): boolean {
  const [left, right] = [pattern, arn].map(parts);
  return (
    left !== undefined &&
    right !== undefined &&
    left.every((part, index) => matchesStars(part, right[index] ?? ''))
  );
}

function parts(arn: string): string[] {
  const all = arn.split(':');
  return [...all.slice(0, 5), all.slice(5).join(':')];
}

/**
 * Whether a text matches a pattern: `*` is any text, `?` any one character. The work is linear in the text, so that no
 * pattern takes long.
 */
export function matchesStars(pattern: string, text: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[from] === '*') {
      [star, mark] = [from++, at];
    } else if (pattern[from] === '?' || pattern[from] === text[at]) {
      from++;
      at++;
    } else if (star >= 0) {
      from = star + 1;
      at = ++mark;
    } else return false;
  }
  while (pattern[from] === '*') from++;
  return from === pattern.length;
}
