import { stopProcess, waitForEnd } from './process-identity.ts';
import { NOTED_PROCESSES, type RunFiles } from './run-files.ts';

const GUARD_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/** Ends what a killed run has left running. Its guard is at that already, if it lives: then its end is waited for. */
export async function stopLeftovers(runFiles: RunFiles, say: (line: string) => void): Promise<void> {
  const guard = runFiles.running('guard');
  if (guard !== null) {
    say('The run before did not end in order; waiting until its processes have ended.');
    await waitForEnd(guard, GUARD_TIMEOUT_MS);
  }
  for (const name of NOTED_PROCESSES) {
    const leftover = runFiles.running(name);
    if (leftover !== null) {
      say(`Stopping the ${name} that a killed run has left behind.`);
      await stopProcess(leftover, { signal: 'SIGTERM', timeoutMs: STOP_TIMEOUT_MS });
    }
    runFiles.forget(name);
  }
}
