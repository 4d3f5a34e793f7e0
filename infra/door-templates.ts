import { DETAIL_TYPE, type EventDetail, SOURCE } from '../events/bus-event.ts';
import type { Provider } from '../events/provider.ts';
import { headersRead, someHeaderIsStrange, strangeHeadersRefused } from './door-headers.ts';

// $util.escapeJavaScript writes \' where JSON knows no such escape.
const quoted = (value: string): string => `"$util.escapeJavaScript(${value}).replaceAll("\\\\'","'")"`;

// Base64 and the parsed payload of one body share EventBridge's 1 MB: above this, the payload gives way.
const WHOLE_PAYLOAD_CHARACTERS = 350_000;

// What fits nowhere else must fit the overflow queue, whose messages are as large as an event (1 MB): there, EventBridge
// adds its envelope, and attributes that say which rule and what went wrong.
const ENVELOPE_BYTES = 16 * 1024;
const MAX_DETAIL_BYTES = 1024 * 1024 - ENVELOPE_BYTES;
// VTL counts characters; a text in base64 has four of them for three bytes.
const MAX_DETAIL_BASE64 = Math.floor(MAX_DETAIL_BYTES / 3) * 4;

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
    body: q('$util.base64Encode($input.body)'),
    payload: '$payload',
  };
  const kept = door.keptMembers.map(
    (name) =>
      `#set($value = $input.json('$.${name}'))#if($value != '""' && $value != '')#set($small = "$small$comma${q(name)}:$value")#set($comma = ",")#end`,
  );
  return [
    `#set($q = '"')`,
    headersRead(provider),
    `#set($payload = $input.json('$'))`,
    `#if($input.body.length() > ${WHOLE_PAYLOAD_CHARACTERS})#set($small = "")#set($comma = "")${kept.join('')}#set($payload = "{$small}")#end`,
    `#set($detail = "${object(detail)}")`,
    `#if(${someHeaderIsStrange(door)} || $util.base64Encode($detail).length() > ${MAX_DETAIL_BASE64}){"Entries":[]}`,
    `#else{"Entries":[{"Source":"${SOURCE}","DetailType":"${DETAIL_TYPE}","EventBusName":"${busName}","Detail":${quoted('$detail')}}]}#end`,
  ].join('\n');
}

// Inside a double-quoted VTL string a quote is the variable ${q}, as there is no other way to write one.
const q = (text: string): string => `\${q}${text}\${q}`;
const value = (variable: string): string => q(`$${variable}`);
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
    `{"message":"the delivery does not fit in an event of 1 MB: a body of up to 700 KB does"}`,
    `#else#set($context.responseOverride.status = 502)`,
    `{"message":"EventBridge did not take the event ($type): deliver it again"}#end`,
  ].join('\n');

export const failedTemplate = '{"message":"EventBridge did not take the event: deliver it again"}';
