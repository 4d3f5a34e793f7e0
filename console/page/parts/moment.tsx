import { exactly } from './clock.ts';
import { chosenClock, clockTime } from './use-clock.ts';

interface Props {
  /** ISO */
  readonly at: string;
  readonly className?: string;
  readonly role?: 'cell';
}

/** A time, whose zone and distance stand in its title. */
export function Moment({ at, ...rest }: Props) {
  return (
    <time {...rest} dateTime={at} title={exactly(chosenClock(), Date.parse(at), Date.now())}>
      {clockTime(at)}
    </time>
  );
}
