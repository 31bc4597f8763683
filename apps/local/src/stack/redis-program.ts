import { spawnSync } from 'node:child_process';
import { AppError } from '@singan/domain';

const MANUAL =
  'Install it and start again: "sudo apt-get install redis-server" (Debian, Ubuntu), "sudo dnf install redis" (Fedora), "brew install redis" (macOS).';

/** The redis-server on the PATH. No npm package brings one, so it is installed when this machine lets us. */
export function requireRedisProgram(say: (line: string) => void): string {
  const program = 'redis-server';
  if (isThere(program)) return program;
  const install = installCommand();
  if (install === null) throw new AppError('config.invalid', `redis-server is not on the PATH. ${MANUAL}`);
  say(`redis-server is missing: installing it by "${install.join(' ')}".`);
  if (!run(install) && !(run(aptGet(['update'])) && run(install))) {
    throw new AppError('config.invalid', `redis-server could not be installed. ${MANUAL}`);
  }
  if (!isThere(program)) throw new AppError('config.invalid', `redis-server is still not on the PATH. ${MANUAL}`);
  return program;
}

function isThere(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Only where it needs no questions: apt-get, as root or by a sudo that asks for no password. */
function installCommand(): readonly string[] | null {
  if (!isThere('apt-get')) return null;
  const mayInstall = process.getuid?.() === 0 || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return mayInstall ? aptGet(['install', '-y', '--no-install-recommends', 'redis-server']) : null;
}

function aptGet(rest: readonly string[]): readonly string[] {
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...rest];
  return process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
}

function run([program = '', ...rest]: readonly string[]): boolean {
  return spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
