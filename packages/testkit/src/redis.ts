import { readTestEnvironment } from './environment.ts';
import { findOnPath } from './find-on-path.ts';
import { freePort } from './free-port.ts';
import {
  makeServerDirectory,
  removeServerDirectory,
  type ServerProcess,
  startServerProcess,
} from './server-process.ts';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** kill -9. What was written stays for restart(). */
  kill(): Promise<void>;
  /** Starts it again on the same port with what its append-only file holds; stops it first if it runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis server of one test suite: a free port, a temporary directory, an append-only file. About 30 ms. */
export async function startRedis(environment = readTestEnvironment()): Promise<RedisServer> {
  const command = await findOnPath('redis-server', environment.path);
  if (command === null)
    throw new Error(
      'redis-server is not on PATH: install it with `apt-get install redis-server` (macOS: `brew install redis`)',
    );
  const directory = await makeServerDirectory('redis');
  const launch = (port: number) => launchRedis({ command, port, directory, env: environment.inherited });
  const port = await freePort();
  let server: ServerProcess | null = await launch(port);
  const end = async (how: 'stop' | 'kill') => {
    await server?.[how]();
    server = null;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => end('kill'),
    restart: async () => {
      await end('stop');
      server = await launch(port);
    },
    stop: async () => {
      await end('stop');
      await removeServerDirectory(directory);
    },
  };
}

function launchRedis(o: {
  command: string;
  port: number;
  directory: string;
  env: NodeJS.ProcessEnv;
}): Promise<ServerProcess> {
  // appendfsync always: a killed server has every answered write, so tests of restarts do not depend on the second they fall into
  const settings = {
    port: o.port,
    bind: '127.0.0.1',
    dir: o.directory,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  return startServerProcess({
    name: 'redis-server',
    command: o.command,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    env: o.env,
    directory: o.directory,
    ready: (output) => output.said('Ready to accept connections'),
  });
}
