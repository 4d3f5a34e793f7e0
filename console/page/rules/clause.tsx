/** One condition of a rule in words. */
export function Clause({ path, words }: { readonly path: string; readonly words: string }) {
  return (
    <span className="clause">
      <code>{path}</code> {words}
    </span>
  );
}
