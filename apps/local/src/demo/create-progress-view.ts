import type { PyramidPlan } from '@singan/contracts';
import { BarsView } from './bars-view.ts';
import { LinesView } from './lines-view.ts';
import type { ProgressView } from './progress-view.ts';

/** Bars in a terminal, lines in a file or pipe. */
export function createProgressView(plan: PyramidPlan, stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY ? new BarsView(plan, stream) : new LinesView(plan, stream, () => performance.now());
}
