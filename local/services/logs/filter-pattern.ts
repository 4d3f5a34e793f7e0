import { isPattern } from '../../core/pattern.ts';

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
const MAX_REGEXES = 2;
const REGEX_LETTERS = /^[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.]+$/;

const QUOTED = /"(?:[^"\\]|\\.)*"/gs;
const REGEX = /%([^%]*)%/g;

const SELECTOR = String.raw`\$(?:\.[\w-]+|\.\*|\[\d+\]|\["[^"]*"\]|\[\*\])+`;
const VALUE = String.raw`(?:"(?:[^"\\]|\\.)*"|%[^%]+%|-?[\d.]+(?:[eE][+-]?\d+)?|[\w*.:/-]+)`;
const CONDITION = new RegExp(
  String.raw`^(?:${SELECTOR}\s*(?:=|!=|<=|>=|<|>)\s*${VALUE}|${SELECTOR}\s+IS\s+(?:NULL|TRUE|FALSE)|${SELECTOR}\s+NOT\s+EXISTS|${SELECTOR}\s+EXISTS)$`,
);

/** What CloudWatch Logs refuses of a filter pattern; undefined for one that it takes. */
export function filterProblem(pattern: string): string | undefined {
  const text = pattern.trim();
  const plain = text.replace(QUOTED, '""');
  if (/"/.test(plain.replaceAll('""', ''))) return 'has a quote that does not end';
  const regexes = [...plain.matchAll(REGEX)].map(([, source = '']) => source);
  if (plain.replace(REGEX, '').includes('%'))
    return 'has a % without its other: a regular expression is between two';
  if (regexes.length > MAX_REGEXES)
    return `has ${regexes.length} regular expressions, and may have ${MAX_REGEXES}`;
  const broken = regexes.find((source) => !REGEX_LETTERS.test(source) || !isPattern(source));
  if (broken !== undefined) return `has %${broken}%, which is no regular expression of CloudWatch Logs`;
  if (text.startsWith('{')) return jsonProblem(text);
  if (text.startsWith('[') && !plain.endsWith(']')) return 'begins with [ and does not end with ]';
  return undefined;
}

function jsonProblem(text: string): string | undefined {
  if (!text.endsWith('}')) return 'begins with { and does not end with }';
  const conditions: string[] = [];
  // Nothing within quotes and regular expressions joins two conditions, or puts them in brackets.
  const held: string[] = [];
  const hold = (piece: string): string => `\u0000${held.push(piece) - 1}\u0000`;
  const bare = text.slice(1, -1).replace(QUOTED, hold).replace(REGEX, hold);
  let depth = 0;
  for (const letter of bare) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (depth < 0) break;
  }
  if (depth !== 0) return 'has a bracket without its other';
  for (const piece of bare.split(/&&|\|\|/))
    conditions.push(
      piece
        .replace(/[()]/g, ' ')
        .trim()
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what stands for a held piece
        .replace(/\u0000(\d+)\u0000/g, (_, at: string) => held[Number(at)] ?? ''),
    );
  const wrong = conditions.find((condition) => !CONDITION.test(condition));
  return wrong === undefined
    ? undefined
    : `has ${JSON.stringify(wrong)}, which is no condition such as $.a = "b"`;
}
