import { type Document, isScalar, visit } from 'yaml';
import type { PlacedProblem } from './rule-issue.ts';

/** What a YAML document says, or why that cannot be told: aliases without end or without an anchor, a key that no object keeps. */
export function ruleValue(
  document: Document.Parsed,
): { readonly value: unknown } | { readonly problems: PlacedProblem[] } {
  const lost = lostKeys(document);
  if (lost.length > 0) return { problems: lost };
  try {
    const value: unknown = document.toJS();
    // An anchor that holds an alias of itself is a value without end.
    JSON.stringify(value);
    return { value };
  } catch (error) {
    const [why = ''] = String(error).split('\n');
    return {
      problems: [
        {
          offset: 0,
          path: [],
          message: `its anchors and aliases are no rule (${why}): write the values out`,
        },
      ],
    };
  }
}

/** A clause of this name would be left out of a match, and the rule take more than it says. */
function lostKeys(document: Document.Parsed): PlacedProblem[] {
  const problems: PlacedProblem[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__')
        problems.push({
          offset: key.range?.[0] ?? 0,
          path: [],
          message: 'the key __proto__ cannot be matched: leave it out',
        });
    },
  });
  return problems;
}
