import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { STATUS_TONES, STATUS_WORDS, type Status } from './path.ts';

export type StateNodeData = {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
  /** undefined for a state that was not entered */
  readonly status: Status | undefined;
  readonly selected: boolean;
  readonly select: (name: string) => void;
};

/** A state of the machine. An entered state is a button that shows its details. */
export function StateNode({ data }: NodeProps<Node<StateNodeData>>) {
  const { name, type, comment, status, selected, select } = data;
  const look = `node ${type.toLowerCase()} ${status ? STATUS_TONES[status] : 'unseen-yet'}`;
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      {status ? (
        <button
          type="button"
          className={look}
          title={comment}
          aria-pressed={selected}
          aria-label={`${name}, ${STATUS_WORDS[status]}`}
          onClick={() => select(name)}
        >
          {name}
        </button>
      ) : (
        <span className={look} title={comment}>
          {name}
        </span>
      )}
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </>
  );
}
