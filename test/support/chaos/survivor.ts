import { join } from 'node:path';
import { accessOf, localOutputs, type Outputs, readAddress } from '../../../cli/outputs/local-address.ts';
import { type GitHostSecrets, gitHostSecrets } from '../../../cli/up/git-host.ts';
import { type Connection, connect } from '../../../operate/connection/connection.ts';
import { type Running, type Started, startRunning } from './running.ts';

/** A Hookline that can be asked. */
export interface Alive {
  readonly running: Running;
  readonly outputs: Outputs;
  readonly secrets: GitHostSecrets;
  readonly connection: Connection;
  /** when it was ready, of `performance.now()` */
  readonly since: number;
}

/** A Hookline that is started again on its state folder whenever it is killed. */
export interface Survivor {
  /** the one that runs, once it is ready */
  alive(): Promise<Alive>;
  /** resolves when the one that runs or starts is gone */
  death(): Promise<void>;
  kill(): void;
  close(): Promise<void>;
}

/** @throws `alive` does, when one ends that nobody has killed, and once all is closed */
export function startSurvivor(what: Started): Survivor {
  let closing = false;
  let port = 0;
  const start = (): [Running, Promise<Alive>] => {
    const started = startRunning(what, port);
    const ready = started.ready.then(async () => {
      const connection = await connected(what.data, started);
      // As `hookline up` has it, which a git host and its users know.
      port = Number(new URL(connection.outputs.endpointUrl ?? '').port);
      return connection;
    });
    ready.catch(() => undefined);
    return [started, ready];
  };
  let [running, alive] = start();
  const watch = async (): Promise<void> => {
    for (;;) {
      await running.ended;
      if (closing) return;
      await alive.then(({ connection }) => connection.close()).catch(() => undefined);
      if (!running.killed()) {
        alive = running.gone;
        return;
      }
      [running, alive] = start();
    }
  };
  void watch();
  const current = async (): Promise<Alive> => {
    for (;;) {
      if (closing) throw new Error('the Hookline of this run is closed');
      const asked = running;
      try {
        return await alive;
      } catch (error) {
        await asked.ended;
        // What was killed while it started is started again.
        if (asked === running && !asked.killed()) throw error;
      }
    }
  };
  return {
    alive: current,
    death: () => running.ended,
    kill: () => running.kill(),
    close: async () => {
      closing = true;
      running.kill();
      await running.ended;
    },
  };
}

async function connected(data: string, running: Running): Promise<Alive> {
  const [outputs, secrets, address] = await Promise.all([
    localOutputs(data),
    gitHostSecrets(join(data, 'git')),
    readAddress(data),
  ]);
  const connection = await connect(address.stackName, accessOf(address));
  return { running, outputs, secrets, connection, since: performance.now() };
}
