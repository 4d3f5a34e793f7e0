import { useState } from 'react';
import type { DeliveryRow, FilesAnswer } from '../../api.ts';
import { useLive } from '../api/use-live.ts';
import { size, visible } from '../parts/format.ts';

/** The files of a delivery's artifact, read once they are unfolded. */
export function Files({ row: { id, artifactKey } }: { readonly row: DeliveryRow }) {
  const [open, setOpen] = useState(false);
  if (artifactKey === '') return null;
  return (
    <details className="unfolds" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Artifact: files</summary>
      {open && (
        <div className="unfolds-body">
          <FileList id={id} artifactKey={artifactKey} />
        </div>
      )}
    </details>
  );
}

function FileList({ id, artifactKey }: { readonly id: string; readonly artifactKey: string }) {
  const { value, failure } = useLive<FilesAnswer>(`deliveries/${encodeURIComponent(id)}/files`, 0);
  if (failure) return <p className="state-error">{failure.message}</p>;
  if (!value) return <p className="quiet">Reading the artifact…</p>;
  const { count, files } = value;
  return (
    <>
      <table className="files">
        <thead>
          <tr>
            <th scope="col">{count === 1 ? '1 file' : `${count} files`}</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ path, bytes }) => (
            <tr key={path}>
              <td>{visible(path)}</td>
              <td>{size(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {count > files.length && (
        <p className="quiet">
          The first {files.length} are shown. This command lists all:{' '}
          <code>hookline artifacts files {artifactKey}</code>
        </p>
      )}
    </>
  );
}
