import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A git host that takes connections and says nothing, until it speaks: then it is another one at this address. */
export interface MuteHost {
  /** the other host's address, at this one's port */
  readonly url: string;
  /** answers from now on */
  speak(): void;
  close(): void;
}

/** @param url of the host that it is once it speaks */
export async function startMuteHost(url: string): Promise<MuteHost> {
  let speaks = false;
  const { port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    if (!speaks) return;
    const other = connect(Number(port), '127.0.0.1').on('error', () => socket.destroy());
    sockets.add(other);
    socket.pipe(other).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = new URL(url);
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    speak: () => {
      speaks = true;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
