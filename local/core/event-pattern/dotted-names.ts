type Members = Record<string, unknown>;

const known = new WeakMap<object, unknown>();

/**
 * An event with each name that holds dots as the path of its parts: EventBridge takes
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
  return isObject(value) ? withMembersOf(value, Object.create(null)) : value;
}

/**
 * Adds the members of an object at their paths. Anybody may send the names to the door, so the time that this takes grows with
 * their length alone, and the stack with the nesting alone.
 */
function withMembersOf(object: Members, target: Members): Members {
  for (const [name, member] of Object.entries(object)) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    const parent = path.reduce(objectAt, target);
    if (isObject(member)) withMembersOf(member, objectAt(parent, last));
    else add(parent, last, parted(member));
  }
  return target;
}

/** The object at a name; a new one where something else stands there. */
function objectAt(members: Members, name: string): Members {
  const held = members[name];
  if (isObject(held)) return held;
  const made: Members = Object.create(null);
  add(members, name, made);
  return made;
}

/** Adds a value at a name, to a list with what stands there. */
function add(members: Members, name: string, value: unknown): void {
  const held = members[name];
  if (held === undefined) members[name] = value;
  else if (Array.isArray(held)) for (const each of [value].flat()) held.push(each);
  else members[name] = [held, value].flat();
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
