import type { Progress, PyramidPlan } from '@singan/contracts';
import { describeLevel, describeLosses, describeTimeLeft } from './describe-progress.ts';
import type { ProgressView } from './progress-view.ts';

const LINE_INTERVAL_MS = 5000;

/** A line when a scale begins and ends, and one every few seconds between. */
export class LinesView implements ProgressView {
  readonly #plan: PyramidPlan;
  readonly #stream: NodeJS.WritableStream;
  readonly #nowMs: () => number;
  #scale = -1;
  #lastMs = 0;

  constructor(plan: PyramidPlan, stream: NodeJS.WritableStream, nowMs: () => number) {
    this.#plan = plan;
    this.#stream = stream;
    this.#nowMs = nowMs;
  }

  show(progress: Progress): void {
    const level = this.#plan.levels[progress.scale];
    const isNews = progress.scale !== this.#scale || progress.iteration === progress.iterations;
    if (level === undefined || (!isNews && this.#nowMs() - this.#lastMs < LINE_INTERVAL_MS)) return;
    this.#scale = progress.scale;
    this.#lastMs = this.#nowMs();
    const facts = [
      describeLevel(progress.scale, this.#plan.levels.length, level),
      `${progress.iteration}/${progress.iterations}`,
      `${(progress.fraction * 100).toFixed(1)} %`,
      describeLosses(progress.losses),
      describeTimeLeft(progress.etaSeconds),
    ];
    this.log(facts.filter((fact) => fact !== '').join('  '));
  }

  log(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  close(): void {}
}
