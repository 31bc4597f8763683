import { setImmediate } from 'node:timers/promises';
import type { Progress } from '@singan/contracts';
import type { TaskEnd } from '../protocol.ts';
import type { TaskServices } from './task-services.ts';
import { createThrottle } from './throttle.ts';

const PROGRESS_INTERVAL_MS = 250;

/** Goes through the parts of a task, one picture or so each: asks before each whether to stop, and tells after each how far it is. */
export async function runSteps<T>(
  steps: readonly T[],
  { host, nowMs }: TaskServices,
  draw: (step: T) => Promise<void>,
): Promise<TaskEnd> {
  const meter = new StepMeter(steps.length, nowMs);
  for (const step of steps) {
    // Drawing a picture is synchronous: this is where a stop message gets in.
    await setImmediate();
    if (host.isStopRequested()) return { type: 'stopped' };
    await draw(step);
    const progress = meter.finishStep();
    if (progress !== null) await host.tell({ type: 'progress', progress });
  }
  return { type: 'succeeded' };
}

/** Counts equal steps. */
export class StepMeter {
  readonly #count: number;
  readonly #nowMs: () => number;
  readonly #beganMs: number;
  readonly #isDue: () => boolean;
  #done = 0;

  constructor(count: number, nowMs: () => number) {
    this.#count = count;
    this.#nowMs = nowMs;
    this.#beganMs = nowMs();
    this.#isDue = createThrottle(PROGRESS_INTERVAL_MS, nowMs);
  }

  /** @returns what to tell; null when the last was told a moment ago, but never after the last step */
  finishStep(): Progress | null {
    this.#done += 1;
    const isLast = this.#done === this.#count;
    return this.#isDue() || isLast ? this.#progress() : null;
  }

  #progress(): Progress {
    const [done, count] = [this.#done, this.#count];
    const etaSeconds = ((this.#nowMs() - this.#beganMs) / 1000 / done) * (count - done);
    const fraction = done / count;
    return { scale: 0, scales: 1, iteration: done, iterations: count, fraction, etaSeconds, losses: null };
  }
}
