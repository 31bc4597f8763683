import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Waits for the end of its standard input, which comes when the parent is gone, however it went.
 * $1 folder of the run files, $2 data folder of Postgres, $3 temporary folder to remove, or nothing
 */
const SCRIPT = `
cat >/dev/null
pid_in() { head -n 1 "$1" 2>/dev/null | cut -d ' ' -f 1; }
stop() {
  [ -n "$2" ] || return
  kill -s "$1" "$2" 2>/dev/null || return
  tenths=0
  while kill -0 "$2" 2>/dev/null && [ $tenths -lt 150 ]; do sleep 0.1; tenths=$((tenths + 1)); done
  kill -s KILL "$2" 2>/dev/null
}
stop TERM "$(pid_in "$1/api.pid")"
stop TERM "$(pid_in "$1/worker.pid")"
stop TERM "$(pid_in "$1/redis.pid")"
stop INT "$(pid_in "$2/postmaster.pid")"
[ -n "$3" ] && rm -rf -- "$3"
`;

/** Stops the stack in order when this process dies without having done so itself. A shell, because it waits all day. */
export class Guard {
  readonly #shell: ChildProcess;

  constructor(o: { runDirectory: string; postgresData: string; temporary: string | null }) {
    const parameters = [o.runDirectory, o.postgresData, o.temporary ?? ''];
    // Its own process group: neither Ctrl-C nor a kill of the group ends it first.
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT, 'singan-guard', ...parameters], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#shell.unref();
  }

  get pid(): number {
    return this.#shell.pid ?? 0;
  }

  /** Everything has been stopped in order. */
  release(): void {
    this.#shell.kill('SIGKILL');
  }
}
