import type { LossPoint, PyramidPlan, TrainingConfig } from '@singan/contracts';
import type { ScaleFinishedEvent, TrainingControl, TrainingEvent } from '@singan/singan';
import type { ScaleNotes, TaskEnd } from '../protocol.ts';
import type { TaskHost } from './host-channel.ts';
import { LossCurve } from './loss-curve.ts';
import { createThrottle } from './throttle.ts';
import { TrainingMeter } from './training-meter.ts';

const PROGRESS_INTERVAL_MS = 250;

/** How a scale was trained. */
export interface ScaleReport {
  readonly iterations: number;
  readonly seconds: number;
  readonly losses: readonly LossPoint[];
}

export interface TrainingRunOptions {
  readonly host: TaskHost;
  readonly nowMs: () => number;
  readonly config: TrainingConfig;
  /** What the progress is measured by. */
  readonly plan: PyramidPlan;
  readonly checkpointIntervalMs: number;
  /** Of the checkpoint that is gone on from. */
  readonly notes: ScaleNotes | null;
  train(control: TrainingControl): AsyncIterable<TrainingEvent>;
  finishScale(event: ScaleFinishedEvent, report: ScaleReport): Promise<void>;
}

/** One pass through the trainer's events. */
export class TrainingRun {
  readonly #o: TrainingRunOptions;
  readonly #meter: TrainingMeter;
  readonly #isProgressDue: () => boolean;
  #notes: ScaleNotes | null;
  #curve = new LossCurve(1);
  #scaleBeganMs = 0;
  #lastCheckpointMs: number;
  #hasStarted = false;

  constructor(o: TrainingRunOptions) {
    this.#o = o;
    this.#notes = o.notes;
    this.#meter = new TrainingMeter(o.plan, o.config, o.nowMs);
    this.#isProgressDue = createThrottle(PROGRESS_INTERVAL_MS, o.nowMs);
    this.#lastCheckpointMs = o.nowMs();
  }

  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  async follow(): Promise<TaskEnd> {
    const { host, nowMs, checkpointIntervalMs, train } = this.#o;
    const control = {
      isStopRequested: () => host.isStopRequested(),
      isCheckpointDue: () => nowMs() - this.#lastCheckpointMs >= checkpointIntervalMs,
    };
    for await (const event of train(control)) {
      this.#hasStarted = true;
      if (event.type === 'stopped') return { type: 'stopped' };
      await this.#handle(event);
    }
    return { type: 'succeeded' };
  }

  async #handle(event: Exclude<TrainingEvent, { type: 'stopped' }>): Promise<void> {
    switch (event.type) {
      case 'scale-started':
        return this.#startScale(event.scale, event.iteration);
      case 'iteration':
        return this.#finishIteration(event);
      case 'checkpoint':
        return this.#saveCheckpoint(event);
      case 'scale-finished':
        return this.#finishScale(event);
    }
  }

  async #startScale(scale: number, iteration: number): Promise<void> {
    const { host, plan } = this.#o;
    const isResumed = iteration > 0;
    const before = isResumed ? this.#notes : null;
    this.#notes = null;
    this.#curve = new LossCurve(plan.levels[scale]?.iterations ?? 1, before?.losses);
    this.#scaleBeganMs = this.#o.nowMs() - (before?.seconds ?? 0) * 1000;
    this.#meter.begin(scale, iteration);
    await host.tell({ type: 'progress', progress: this.#meter.progress(scale, iteration, null) });
    if (!isResumed) return;
    const message = `Resumed at scale ${scale} after iteration ${iteration}.`;
    await host.tell({ type: 'log', level: 'info', message });
  }

  async #finishIteration(event: Extract<TrainingEvent, { type: 'iteration' }>): Promise<void> {
    const { scale, iteration, losses } = event;
    this.#curve.add({ iteration, ...losses });
    if (!this.#isProgressDue()) return;
    const progress = this.#meter.progress(scale, iteration, { ...losses });
    await this.#o.host.tell({ type: 'progress', progress });
  }

  async #saveCheckpoint({ scale, iteration, bytes }: Extract<TrainingEvent, { type: 'checkpoint' }>): Promise<void> {
    const notes = { seconds: this.#scaleSeconds(), losses: this.#curve.points };
    await this.#o.host.tell({ type: 'checkpoint', scale, iteration, bytes, notes });
    this.#lastCheckpointMs = this.#o.nowMs();
  }

  async #finishScale(event: ScaleFinishedEvent): Promise<void> {
    const { host, plan, finishScale } = this.#o;
    const iterations = plan.levels[event.scale]?.iterations ?? 1;
    const seconds = this.#scaleSeconds();
    const progress = this.#meter.progress(event.scale, iterations, this.#newestLosses());
    await host.tell({ type: 'progress', progress });
    await finishScale(event, { iterations, seconds, losses: this.#curve.points });
    // The scale file is a checkpoint too.
    this.#lastCheckpointMs = this.#o.nowMs();
  }

  #newestLosses(): Record<string, number> | null {
    const newest = this.#curve.points.at(-1);
    if (newest === undefined) return null;
    const { iteration: _, ...losses } = newest;
    return losses;
  }

  #scaleSeconds(): number {
    return (this.#o.nowMs() - this.#scaleBeganMs) / 1000;
  }
}
