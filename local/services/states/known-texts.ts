/** The long texts of one execution that are in the store, and their names: whoever runs it reads and hashes each once. */
export class KnownTexts {
  readonly names: Map<string, string>;
  readonly texts: Map<string, string>;

  /** @param others are known from the beginning */
  constructor(others?: KnownTexts) {
    this.names = new Map(others?.names);
    this.texts = new Map(others?.texts);
  }

  add(name: string, text: string): void {
    this.names.set(text, name);
    this.texts.set(name, text);
  }

  addAll({ texts }: KnownTexts): void {
    for (const [name, text] of texts) this.add(name, text);
  }

  clear(): void {
    this.names.clear();
    this.texts.clear();
  }
}
