import { useCallback, useRef, useState } from 'react';
import { Failure, pathOf, send } from '../api/client.ts';

export type Format = 'jsonl' | 'csv';

/** How far an export is. */
export interface Export {
  readonly bytes: number;
  readonly running: boolean;
  readonly done: boolean;
  readonly failure?: string;
}

const NOTHING: Export = { bytes: 0, running: false, done: false };

interface Actions {
  readonly state: Export;
  /** reads all that the list shows, and has the browser save it as a file */
  readonly begin: (format: Format) => void;
  readonly stop: () => void;
}

/** @param shown the list's query */
export function useExport(shown: Readonly<Record<string, string>>): Actions {
  const [state, setState] = useState(NOTHING);
  const work = useRef<AbortController>(undefined);
  const stop = useCallback(() => {
    work.current?.abort();
    setState(NOTHING);
  }, []);
  const begin = useCallback(
    async (format: Format) => {
      work.current?.abort();
      work.current = new AbortController();
      const { signal } = work.current;
      const show = (next: Export): void => void (signal.aborted || setState(next));
      show({ ...NOTHING, running: true });
      try {
        const response = await send(pathOf('export', { ...shown, format }), { signal });
        const parts = await partsOf(response, (bytes) => show({ ...NOTHING, running: true, bytes }));
        const file = new Blob(parts, { type: response.headers.get('content-type') ?? '' });
        saveFile(file, `deliveries.${format}`);
        show({ ...NOTHING, done: true, bytes: file.size });
      } catch (error) {
        show({
          ...NOTHING,
          failure: error instanceof Failure ? error.message : 'the file broke off: try again',
        });
      }
    },
    [shown],
  );
  return { state, begin, stop };
}

/** What comes of an answer, piece by piece. */
async function partsOf({ body }: Response, progress: (bytes: number) => void): Promise<BlobPart[]> {
  const parts: BlobPart[] = [];
  const reader = body?.getReader();
  let bytes = 0;
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    parts.push(read.value);
    bytes += read.value.length;
    progress(bytes);
  }
  return parts;
}

function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
