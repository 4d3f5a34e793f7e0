import { findDelivery, hasExecution } from '../../operate/deliveries/delivery.ts';
import { curlOf, requestOf } from '../../operate/deliveries/request.ts';
import { doorOf } from '../../operate/hosts/hooks.ts';
import { print, printJson } from '../print.ts';
import { type Target, withTarget } from '../target.ts';

export function printPayload(id: string, options: Target & { readonly curl?: boolean }): Promise<void> {
  return withTarget(options, async (connection) => {
    const row = await findDelivery(connection, id);
    hasExecution(row);
    const request = await requestOf(connection, row);
    if (options.json) return printJson(request);
    if (!request.verified)
      process.stderr.write(
        'the signature of this delivery is not verified: anybody may have sent the payload\n',
      );
    print(options.curl ? curlOf(request, doorOf(connection, request.provider)) : indented(request.body));
  });
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
