/** A fault that Stryker's instrumenter has put into a file of a room, behind a switch. */
export interface RoomMutant {
  /** what the switch is called by */
  readonly id: string;
  /** file, code, replacement, and which one of such: the same until the code is another */
  readonly key: string;
  /** from the repository's root */
  readonly file: string;
  /** from 1 */
  readonly line: number;
  readonly code: string;
  readonly replacement: string;
}

export const ROOMS = ['events', 'statemachine', 'functions'] as const;

export type Room = (typeof ROOMS)[number];

export const roomOf = (file: string): string => file.slice(0, file.indexOf('/'));

export const keyOf = ({
  file,
  code,
  replacement,
}: Pick<RoomMutant, 'file' | 'code' | 'replacement'>): string => `${file}\n${code}\n${replacement}`;
