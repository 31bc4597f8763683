import { execFileSync, spawnSync } from 'node:child_process';
import { AppError } from '@singan/domain';

/** Whom Postgres runs as, when that is somebody else than us. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const USER = 'postgres';

/** Postgres refuses to run as root: then it runs as user postgres, who is made if there is none. Null: as whoever we are. */
export function postgresAccount(say: (line: string) => void): Account | null {
  if (process.getuid?.() !== 0) return null;
  const known = lookUp();
  if (known !== null) return known;
  say(`Postgres does not run as root: creating the system user "${USER}" for it.`);
  const commands = [
    ['groupadd', '--system', '--force', USER],
    ['useradd', '--system', '--gid', USER, '--no-create-home', '--shell', '/usr/sbin/nologin', USER],
  ] as const;
  for (const [program, ...args] of commands) execFileSync(program, args);
  const created = lookUp();
  if (created === null) throw new AppError('config.invalid', `The user "${USER}" could not be created.`);
  return created;
}

/** Whether the account may enter or execute the path: every folder above it counts, and a home is often closed (0700). */
export function canReach(path: string, account: Account | null): boolean {
  if (account === null) return true;
  return spawnSync('test', ['-x', path], { ...account, cwd: '/' }).status === 0;
}

function lookUp(): Account | null {
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, USER], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : null;
  });
  return typeof uid === 'number' && typeof gid === 'number' ? { uid, gid } : null;
}
