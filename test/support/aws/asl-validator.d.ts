// The package has no types of its own.
declare module 'asl-validator' {
  interface Answer {
    readonly isValid: boolean;
    readonly errors: readonly unknown[];
  }
  export default function validate(
    definition: object,
    options: { checkArn: boolean; checkPaths: boolean },
  ): Answer;
}
