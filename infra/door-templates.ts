import { DETAIL_TYPE, type EventDetail, SOURCE } from '../events/bus-event.ts';
import type { Provider } from '../events/provider.ts';
import { headersRead, someHeaderIsStrange, strangeHeadersRefused } from './door-headers.ts';

// $util.escapeJavaScript writes \' where JSON knows no such escape, and \/, which would make base64 up to a third longer.
const quoted = (value: string): string =>
  `"$util.escapeJavaScript(${value}).replaceAll("\\\\'","'").replaceAll("\\\\/","/")"`;

/**
 * The largest body that the door takes, in kB of 1,000 bytes. An entry of PutEvents and a message of the overflow queue hold
 * 1 MiB: the body in base64, and `SMALL_PAYLOAD_CHARACTERS` next to it.
 */
export const MAX_BODY_KB = 700;
const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4;
const MAX_BODY_BASE64 = base64Length(MAX_BODY_KB * 1000);

// The parsed payload goes along whole with a body of half that size, where escapes do not make it much longer.
const WHOLE_BODY_BASE64 = base64Length(350_000);
const WHOLE_PAYLOAD_CHARACTERS = 500_000;
// Of a larger one goes along what is small, in the order in which the host sends it.
const SMALL_PAYLOAD_CHARACTERS = 80_000;

/**
 * A webhook as one entry of PutEvents. Header names come in any case, so they are looked for by name; the body
 * travels as it was signed, in base64, next to its parsed form. A template cannot refuse: what is too large, or has a
 * header that no host writes so, is sent on as no entry at all, which EventBridge refuses.
 */
export function requestTemplate(provider: Provider, busName: string): string {
  const { door } = provider;
  const detail: Readonly<Record<keyof EventDetail, string>> = {
    provider: q(provider.name),
    host: value('host'),
    event: value('event'),
    deliveryId: value('delivery'),
    headers: object({ event: value('event'), delivery: value('delivery'), signature: value('signature') }),
    body: value('body'),
    payload: '$payload',
    summary: object({ bytes: '$bytes', repository: value('repository'), ref: value('ref') }),
  };
  return [
    `#set($q = '"')`,
    headersRead(provider),
    `#set($body = $util.base64Encode($input.body))`,
    `#if(${someHeaderIsStrange(door)} || $body.length() > ${MAX_BODY_BASE64}){"Entries":[]}`,
    `#else#set($payload = $input.json('$'))`,
    `#if($body.length() > ${WHOLE_BODY_BASE64} || $util.escapeJavaScript($payload).length() > ${WHOLE_PAYLOAD_CHARACTERS})${SMALL_PAYLOAD}#end`,
    `#set($payload = $payload.replaceAll("[${REFUSED}]","?"))`,
    `#set($bytes = $body.length() * 3 / 4)`,
    lineWord('repository', door.summary.repository),
    lineWord('ref', door.summary.ref),
    `#set($detail = "${object(detail)}")`,
    `{"Entries":[{"Source":"${SOURCE}","DetailType":"${DETAIL_TYPE}","EventBusName":"${busName}","Detail":${quoted('$detail')}}]}#end`,
  ].join('\n');
}

// JSON may hold them, and a message of SQS may not: EventBridge could send no dead letter of such an event. The signed body has them.
const REFUSED = '\\uFFFE\\uFFFF';

// Inside a double-quoted VTL string a quote is the variable ${q}, as there is no other way to write one.
const q = (text: string): string => `\${q}${text}\${q}`;
const value = (variable: string): string => q(`$${variable}`);
// Every member that still fits: the long lists, such as a push's commits, do not.
const SMALL_PAYLOAD = [
  `#set($small = "")#set($comma = "")#set($room = ${SMALL_PAYLOAD_CHARACTERS})`,
  `#foreach($name in $input.path('$').keySet())#if($name.matches("[A-Za-z0-9_]{1,100}"))`,
  `#set($value = $input.json("$['$name']"))#set($size = $util.escapeJavaScript($value).length() + $name.length() + 8)`,
  `#if($size <= $room)#set($room = $room - $size)#set($small = "$small$comma${q('$name')}:$value")#set($comma = ",")#end`,
  `#end#end#set($payload = "{$small}")`,
].join('');
// A line of the log of deliveries has words with spaces between, and EventBridge writes each into JSON without escaping it.
const LINE_WORD = `[^ <>\\\\\\x00-\\x1f\\x22\\x7f${REFUSED}]{0,300}`;
const lineWord = (variable: string, path: string): string =>
  `#set($${variable} = "$!input.path('${path}')")#if(!$${variable}.matches("${LINE_WORD}"))#set($${variable} = "?")#end`;
const object = (members: Readonly<Record<string, string>>): string =>
  `{${Object.entries(members)
    .map(([name, text]) => `${q(name)}:${text}`)
    .join()}}`;

/** 202 with both ids once EventBridge holds the event, 502 when it refused the entry. */
export const acceptedTemplate = ({ door }: Provider): string =>
  [
    `#set($delivery = "")#set($all = $input.params().header)`,
    `#foreach($name in $all.keySet())#if($name.equalsIgnoreCase("${door.headers.delivery}"))#set($delivery = $all.get($name))#end#end`,
    `#if($input.path('$.FailedEntryCount') == 0)`,
    `{"deliveryId":${quoted('$delivery')},"eventId":"$input.path('$.Entries[0].EventId')"}`,
    `#else#set($context.responseOverride.status = 502)`,
    `{"message":"EventBridge did not take the event ($input.path('$.Entries[0].ErrorCode')): deliver it again"}#end`,
  ].join('\n');

/** EventBridge answers 400 to a request over 1 MB or without an entry, to a throttled one and to one that may not be made. */
export const refusedTemplate = (provider: Provider): string =>
  [
    headersRead(provider),
    `#set($type = "$input.path('$.__type')")`,
    strangeHeadersRefused(provider.door),
    `#elseif($type.contains("ValidationException"))`,
    `{"message":"the body does not fit in an event of 1 MB: one of up to ${MAX_BODY_KB} kB does"}`,
    `#else#set($context.responseOverride.status = 502)`,
    `{"message":"EventBridge did not take the event ($type): deliver it again"}#end`,
  ].join('\n');

export const failedTemplate = '{"message":"EventBridge did not take the event: deliver it again"}';
