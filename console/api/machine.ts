/** `GET machine?execution=ARN`: the states of an execution's machine where they stand in its picture. */
export interface MachineAnswer {
  readonly states: readonly PlacedState[];
  readonly transitions: readonly Transition[];
  readonly width: number;
  readonly height: number;
}

export interface PlacedState {
  readonly name: string;
  /** `Task`, `Choice`, `Succeed`, `Fail`, … */
  readonly type: string;
  readonly comment: string;
  /** the upper left corner, in pixels */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Transition {
  readonly from: string;
  readonly to: string;
  /** whether the transition is a state's `Next`, a rule of a Choice, or a catcher of errors */
  readonly by: 'next' | 'choice' | 'catch';
  /** the line's points, from state to state, in pixels */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}
