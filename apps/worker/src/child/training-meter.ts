import type { Progress, PyramidPlan } from '@singan/contracts';
import { type FlopsConfig, levelFlops } from '@singan/plan';

/**
 * How far a training is, and how long it still takes. Scales differ a hundredfold in cost, so iterations are weighted by their flops;
 * the time left follows from the speed measured since this process began.
 */
export class TrainingMeter {
  readonly #plan: PyramidPlan;
  readonly #costs: readonly number[];
  readonly #nowMs: () => number;
  #begin: { readonly done: number; readonly atMs: number } | null = null;

  constructor(plan: PyramidPlan, config: FlopsConfig, nowMs: () => number) {
    this.#plan = plan;
    this.#costs = levelFlops(plan, config);
    this.#nowMs = nowMs;
  }

  /** Tells where the work begins; later calls, at further scales, change nothing. */
  begin(scale: number, iteration: number): void {
    this.#begin ??= { done: this.#cost(scale, iteration), atMs: this.#nowMs() };
  }

  /** @param iteration iterations of the scale that are done */
  progress(scale: number, iteration: number, losses: Record<string, number> | null): Progress {
    const done = this.#cost(scale, iteration);
    const total = this.#cost(this.#plan.levels.length, 0);
    return {
      scale,
      scales: this.#plan.levels.length,
      iteration,
      iterations: this.#plan.levels[scale]?.iterations ?? 1,
      fraction: Math.min(1, done / total),
      etaSeconds: this.#secondsFor(total - done, done),
      losses,
    };
  }

  #secondsFor(remaining: number, done: number): number | null {
    if (this.#begin === null || done <= this.#begin.done) return null;
    const secondsPerUnit = (this.#nowMs() - this.#begin.atMs) / 1000 / (done - this.#begin.done);
    return Math.max(0, remaining * secondsPerUnit);
  }

  #cost(scale: number, iteration: number): number {
    const finished = this.#plan.levels
      .slice(0, scale)
      .reduce((sum, level, n) => sum + level.iterations * this.#at(n), 0);
    return finished + iteration * this.#at(scale);
  }

  #at(scale: number): number {
    return this.#costs[scale] ?? 0;
  }
}
