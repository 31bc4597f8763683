import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { AppError } from '@singan/domain';

const HOST = '127.0.0.1';

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** @throws AppError `config.invalid` when something listens there */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new AppError('config.invalid', `Port ${port} is in use by another program. Give a free one with --port.`);
  }
  server.close();
  await once(server, 'close');
}

/** Sends one line and waits for an answer that begins as expected; false when nobody answers so. */
export async function answers(port: number, o: { request: string; expected: string }): Promise<boolean> {
  const socket = connect({ host: HOST, port, timeout: 1000 });
  try {
    await once(socket, 'connect');
    socket.write(o.request);
    const [answer] = await once(socket, 'data');
    return String(answer).startsWith(o.expected);
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
