import type { LossPoint } from '@singan/contracts';

/** Most points of the curve that is kept of a scale. */
export const MAX_CURVE_POINTS = 200;

/** A scale's losses, thinned as they come: every n-th iteration and the last one. */
export class LossCurve {
  readonly #iterations: number;
  readonly #stride: number;
  readonly #points: LossPoint[];

  /** @param before what was gathered before the checkpoint that the scale resumes from */
  constructor(iterations: number, before: readonly LossPoint[] = []) {
    this.#iterations = iterations;
    this.#stride = Math.ceil(iterations / (MAX_CURVE_POINTS - 1));
    this.#points = [...before];
  }

  isWanted(iteration: number): boolean {
    return iteration % this.#stride === 0 || iteration === this.#iterations;
  }

  add(point: LossPoint): void {
    if (this.isWanted(point.iteration)) this.#points.push(point);
  }

  get points(): readonly LossPoint[] {
    return this.#points;
  }
}
