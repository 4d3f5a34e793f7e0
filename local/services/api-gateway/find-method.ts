import type { Api, Method } from './api.ts';

/** The method at a path, with what its path parameters stand for. */
export function findMethod(
  api: Api,
  path: string,
  httpMethod: string,
): { method: Method; parameters: Map<string, string>; resourcePath: string } | undefined {
  let at = api.rootId;
  const parameters = new Map<string, string>();
  const taken: string[] = [];
  for (const part of path.split('/').filter((each) => each !== '')) {
    const children = [...api.resources].filter(([, { parent }]) => parent === at);
    const child =
      children.find(([, resource]) => resource.part === part) ??
      children.find(([, resource]) => /^\{\w+\}$/.test(resource.part));
    if (!child) return undefined;
    const [id, { part: known }] = child;
    if (known.startsWith('{')) parameters.set(known.slice(1, -1), decodeURIComponent(part));
    taken.push(known);
    at = id;
  }
  const method = api.methods.get(`${at} ${httpMethod}`) ?? api.methods.get(`${at} ANY`);
  return method && { method, parameters, resourcePath: `/${taken.join('/')}` };
}
