import type { Door, Provider } from '../events/provider.ts';

type HeaderName = keyof Door['headers'];
const NAMES = ['event', 'delivery', 'signature', 'host'] as const satisfies readonly HeaderName[];

/** Sets a variable of VTL for each header of a provider's door, and `$hostHeader` to the name of what named the host. Names come in any case. */
export function headersRead({ usualHost, door: { headers, tenant } }: Provider): string {
  const take = (variable: string, header: string): string =>
    `#if($name.equalsIgnoreCase("${header}"))#set($${variable} = $all.get($name))#end`;
  const taken = [
    ...NAMES.map((name) => take(name, headers[name])),
    ...(tenant ? [take('tenant', tenant.header)] : []),
  ];
  return [
    `#set($event = "")#set($delivery = "")#set($signature = "")#set($host = "")#set($tenant = "")`,
    `#set($hostHeader = "${headers.host}")`,
    `#set($all = $input.params().header)`,
    `#foreach($name in $all.keySet())${taken.join('')}#end`,
    ...(tenant
      ? [
          `#if($host == "" && $tenant != "")#set($host = "\${tenant}${tenant.domain}")#set($hostHeader = "${tenant.header}")#end`,
        ]
      : []),
    `#if($host == "")#set($host = "${usualHost.name}")#end`,
  ].join('\n');
}

const isStrange = (door: Door, name: HeaderName): string => `!$${name}.matches("${door.patterns[name]}")`;

/** A condition of VTL: whether a header is not as its host writes it. */
export const someHeaderIsStrange = (door: Door): string =>
  NAMES.map((name) => isStrange(door, name)).join(' || ');

/** Branches of VTL for an answer of 400, up to and without the `#elseif` of what follows. */
export function strangeHeadersRefused(door: Door): string {
  const branches = NAMES.map((name) => {
    const header = name === 'host' ? '$hostHeader' : door.headers[name];
    const message = `the header ${header} is not as the git host sends it: expected ${door.patterns[name]}`;
    return `(${isStrange(door, name)})#set($context.responseOverride.status = 400){"message":"${message}"}`;
  });
  return `#if${branches.join('\n#elseif')}`;
}
