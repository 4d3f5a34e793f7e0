type Members = Record<string, unknown>;

const known = new WeakMap<object, unknown>();

/**
 * A pattern or an event with each name that holds dots as the path of its parts: EventBridge takes
 * `{"state.status": …}` for `{"state": {"status": …}}`. What stands at one path twice is a list.
 */
export function withPaths(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // Every rule of a bus asks for the same event.
  if (!known.has(value)) known.set(value, hasDots(value) ? parted(value) : value);
  return known.get(value);
}

function hasDots(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasDots);
  return (
    isObject(value) && Object.entries(value).some(([name, member]) => name.includes('.') || hasDots(member))
  );
}

function parted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(parted);
  if (!isObject(value)) return value;
  const members: Members = Object.create(null);
  for (const [name, member] of Object.entries(value)) put(members, name.split('.'), parted(member));
  return members;
}

function put(members: Members, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) members[name] = joined(members[name], value);
  else {
    const below: Members = Object.create(null);
    put(below, rest, value);
    members[name] = joined(members[name], below);
  }
}

function joined(first: unknown, second: unknown): unknown {
  if (first === undefined) return second;
  if (!isObject(first) || !isObject(second)) return [first, second].flat();
  const members: Members = Object.assign(Object.create(null), first);
  for (const [name, member] of Object.entries(second)) members[name] = joined(members[name], member);
  return members;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
