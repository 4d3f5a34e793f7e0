let segmenter: Intl.Segmenter | undefined;

/** The letters of a text as a person counts them. What tells them apart takes some milliseconds to make. */
function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

// East Asian wide and full-width characters (UAX #11), and emoji.
const WIDE =
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]/u;

const PRINTABLE_ASCII = /^[ -~]*$/;

/** How many columns of a terminal a text takes. */
export const displayWidth = (text: string): number =>
  PRINTABLE_ASCII.test(text)
    ? text.length
    : [...graphemesOf(text)].reduce((sum, { segment }) => sum + widthOf(segment), 0);

/** A text in so many columns, with … at its end when some of it is left out. */
export function fitted(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let [kept, taken] = ['', 0];
  for (const { segment } of graphemesOf(text)) {
    taken += widthOf(segment);
    if (taken > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const widthOf = (grapheme: string): number => (WIDE.test(grapheme) ? 2 : 1);
