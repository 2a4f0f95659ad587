// A wire to a server that can be cut: nothing comes through any more, and nobody is told.
import { connect, createServer, type Socket } from 'node:net';

export interface Wire extends AsyncDisposable {
  readonly port: number;
  cut(): void;
}

export async function startWire(host: string, port: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(port, host);
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('data', (chunk) => void (isCut || to.write(chunk)));
      from.on('close', () => void (isCut || to.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    cut: () => void (isCut = true),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
