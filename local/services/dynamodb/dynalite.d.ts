// dynalite carries no types; these are of the parts used here, its actions and validations without its server.

declare module 'dynalite/db/index.js' {
  interface Range {
    readonly gt?: string;
    readonly gte?: string;
    readonly lt?: string;
    readonly lte?: string;
    readonly reverse?: boolean;
    readonly limit?: number;
  }
  type Write = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };
  /** https://github.com/Level/classic-level#api, as far as used */
  interface Level {
    open(): Promise<void>;
    close(): Promise<void>;
    get(key: string): Promise<unknown>;
    batch(writes: readonly Write[], options: { sync: boolean }): Promise<void>;
    keys(range: Range): AsyncIterable<string>;
    values(range: Range): AsyncIterable<unknown>;
  }
  type Callback = (error: unknown, value?: unknown) => void;
  /** one keyspace, as the actions see it */
  interface SubDb {
    get(key: string, callback: Callback): void;
    put(key: string, value: unknown, callback: Callback): void;
    del(key: string, callback: Callback): void;
    createValueStream(range: Range): NodeJS.ReadableStream;
    lock(key: string, work: (release: (callback: Callback) => Callback) => void): void;
  }
  /** what the actions and validations are given */
  interface Store {
    readonly options: { readonly maxItemSize: number };
    getTable(name: string, checkStatus: boolean | Callback, callback?: Callback): void;
    getItemDb(table: string): SubDb;
    getIndexDb(scope: string, table: string, index: string): SubDb;
  }
  const db: {
    create(options: { path: string }): { readonly db: Level };
    getIndexActions(
      indexes: readonly unknown[],
      before: unknown,
      after: unknown,
      table: unknown,
    ): { readonly puts: readonly { readonly key: string; readonly item: unknown }[] };
  };

  export type { Callback, Level, Range, Store, SubDb, Write };
  export default db;
}

declare module 'dynalite/actions/*.js' {
  import type { Callback, Store } from 'dynalite/db/index.js';

  const action: (store: Store, data: object, callback: Callback) => void;
  export default action;
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  const validations: {
    /** takes out of `data` what `types` do not name */
    checkTypes(data: object, types: object): object;
    checkValidations(data: object, types: object, custom: unknown, store: Pick<Store, 'options'>): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*.js' {
  /** a structure, with a rule for each member */
  interface Structure {
    readonly type: `${'Field' | 'Value'}Struct<${string}>`;
    readonly children: Readonly<Record<string, Rule>>;
  }
  /** a list or a map, with one rule for what it holds */
  interface Container {
    readonly type: string;
    readonly children?: Rule;
  }
  type Rule = string | Structure | Container;
  const validation: { readonly types: Readonly<Record<string, Rule>>; readonly custom?: unknown };

  export type { Rule, Structure };
  export default validation;
}
