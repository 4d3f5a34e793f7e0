/** A grant that nothing tried here needs, and why it is there all the same. */
export interface Unneeded {
  /** of the names of such grants */
  readonly what: RegExp;
  readonly why: string;
}

const NOT_HERE = 'AWS calls it, and nothing does on this machine';

export const UNNEEDED: readonly Unneeded[] = [];

export const reasonFor = (name: string): string | undefined =>
  UNNEEDED.find(({ what }) => what.test(name))?.why;
