import type { Progress, PyramidPlan } from '@singan/contracts';
import { type Bar, MultiBar, Presets } from 'cli-progress';
import { describeLevel, describeLosses, describeTimeLeft } from './describe-progress.ts';
import type { ProgressView } from './progress-view.ts';

/** A bar per scale, made when the scale begins. */
export class BarsView implements ProgressView {
  readonly #plan: PyramidPlan;
  readonly #multi: MultiBar;
  readonly #bars = new Map<number, Bar>();

  constructor(plan: PyramidPlan, stream: NodeJS.WriteStream) {
    this.#plan = plan;
    const format = '{name} {bar} {value}/{total}  {losses}  {left}';
    const options = { format, stream, hideCursor: true, clearOnComplete: false, autopadding: true, barsize: 24 };
    this.#multi = new MultiBar(options, Presets.shades_classic);
  }

  show(progress: Progress): void {
    const bar = this.#bar(progress.scale);
    const losses = describeLosses(progress.losses);
    bar?.update(progress.iteration, { losses, left: describeTimeLeft(progress.etaSeconds) });
    this.#complete(progress.scale - 1);
  }

  log(line: string): void {
    this.#multi.log(`${line}\n`);
  }

  close(): void {
    this.#multi.stop();
  }

  #bar(scale: number): Bar | undefined {
    const level = this.#plan.levels[scale];
    const known = this.#bars.get(scale);
    if (known !== undefined || level === undefined) return known;
    const name = describeLevel(scale, this.#plan.levels.length, level).padEnd(24);
    const bar = this.#multi.create(level.iterations, 0, { name, losses: '', left: '' });
    this.#bars.set(scale, bar);
    return bar;
  }

  /** The last iterations of a scale are often not reported by themselves. */
  #complete(scale: number): void {
    const level = this.#plan.levels[scale];
    if (level !== undefined) this.#bars.get(scale)?.update(level.iterations, { left: '' });
  }
}
