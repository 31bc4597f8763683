import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@singan/domain';
import { freePort } from './ports.ts';
import { type Account, postgresAccount } from './postgres-account.ts';
import { locatePostgres, makeOwnFolder, type PostgresLocation } from './postgres-location.ts';
import { identify } from './process-identity.ts';
import { tail } from './tail.ts';

const USER = 'postgres';
const START_SECONDS = 60;
const STOP_SECONDS = 30;

export interface PostgresOptions {
  readonly dataRoot: string;
  readonly logFile: string;
  readonly password: string;
  readonly installationId: string;
  say(line: string): void;
}

/** The embedded Postgres, run by pg_ctl: in its own session, so that Ctrl-C in the terminal does not reach it before its users have ended. */
export class Postgres {
  readonly #o: PostgresOptions;
  readonly #account: Account | null;
  readonly #location: PostgresLocation;
  #port = 0;

  constructor(options: PostgresOptions) {
    this.#o = options;
    this.#account = postgresAccount(options.say);
    this.#location = locatePostgres({ ...options, account: this.#account });
  }

  get url(): string {
    return `postgresql://${USER}:${this.#o.password}@127.0.0.1:${this.#port}/postgres`;
  }

  /** Not always in the data directory. */
  get dataFolder(): string {
    return this.#location.data;
  }

  async start(): Promise<void> {
    if (!existsSync(path.join(this.#location.data, 'PG_VERSION'))) await this.#initialise();
    if (this.#postmaster() !== null) {
      this.#o.say('Stopping the Postgres that a killed run has left behind.');
      await this.stop();
    }
    this.#port = await freePort();
    const settings = `-p ${this.#port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200`;
    await this.#control(['start', '-w', '-t', String(START_SECONDS), '-o', settings]);
  }

  async stop(): Promise<void> {
    if (this.#postmaster() === null) return;
    await this.#control(['stop', '-m', 'fast', '-w', '-t', String(STOP_SECONDS)]);
  }

  async #initialise(): Promise<void> {
    const { data, binaries } = this.#location;
    makeOwnFolder(data, this.#account);
    const passwordFile = `${data}.password`;
    writeFileSync(passwordFile, `${this.#o.password}\n`, { mode: 0o600 });
    if (this.#account !== null) chownSync(passwordFile, this.#account.uid, this.#account.gid);
    const flags = [
      '--auth=scram-sha-256',
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
    ];
    try {
      await promisify(execFile)(path.join(binaries, 'initdb'), ['-D', data, ...flags], { ...this.#account, cwd: '/' });
    } catch (cause) {
      // Half a database would be taken for a whole one at the next start.
      rmSync(data, { recursive: true, force: true });
      throw new AppError(
        'config.invalid',
        `Postgres could not set up its data in ${data}: ${(cause as Error).message}`,
        { cause },
      );
    } finally {
      rmSync(passwordFile, { force: true });
    }
  }

  /** The server inherits the log file from pg_ctl, which its user could perhaps not open. */
  async #control(command: readonly string[]): Promise<void> {
    const log = openSync(this.#o.logFile, 'a');
    const child = spawn(path.join(this.#location.binaries, 'pg_ctl'), ['-D', this.#location.data, ...command], {
      ...this.#account,
      cwd: '/',
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const [code] = await once(child, 'exit');
    if (code === 0) return;
    throw new AppError(
      'database.unavailable',
      `Postgres did not ${command[0]} (pg_ctl exit code ${code}). The end of ${this.#o.logFile}:\n${tail(this.#o.logFile)}`,
    );
  }

  #postmaster(): string | null {
    try {
      const firstLine = readFileSync(path.join(this.#location.data, 'postmaster.pid'), 'utf8').split('\n')[0];
      return identify(Number(firstLine));
    } catch {
      return null;
    }
  }
}
