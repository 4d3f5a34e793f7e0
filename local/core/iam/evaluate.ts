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
 * An explicit deny stands above every allow.
 * @param own whether the statements are the caller's, so that they name no principal
 */
export function verdictOf(statements: readonly Statement[], request: Request, own: boolean): Verdict {
  const told = statements.filter((statement) => applies(statement, request, own));
  if (told.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return told.length > 0 ? 'allowed' : 'silent';
}

function applies(statement: Statement, request: Request, own: boolean): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const action = request.action.toLowerCase();
  const named = (patterns: readonly string[]) =>
    patterns.some((each) => matchesStars(each.toLowerCase(), action));
  const placed = (patterns: readonly string[]) =>
    patterns.some((each) => matchesStars(each, request.resource));
  return (
    (Action ? named(Action) : NotAction !== undefined && !named(NotAction)) &&
    (Resource ? placed(Resource) : NotResource === undefined || !placed(NotResource)) &&
    (own || isFor(statement, request)) &&
    Object.entries(Condition).every(([operator, keys]) => holds(operator, keys ?? {}, request))
  );
}

type Principals = NonNullable<Statement['Principal']>;

function isFor({ Principal, NotPrincipal }: Statement, { principal }: Request): boolean {
  if (Principal) return names(Principal, principal);
  return NotPrincipal !== undefined && !names(NotPrincipal, principal);
}

/** An account's root stands for whoever is of the account. */
function names({ AWS = [], ...others }: Principals, principal: string): boolean {
  const service = 'Service' in others ? (others.Service ?? []) : [];
  if (AWS.includes('*') || service.includes(principal)) return true;
  const account = principal.split(':')[4] ?? '';
  return AWS.some(
    (each) =>
      each === principal || (account !== '' && (each === account || each === `arn:aws:iam::${account}:root`)),
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
