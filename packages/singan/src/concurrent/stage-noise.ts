import type { Size } from '@singan/domain';
import { IMAGE_CHANNELS } from '../net-layout.ts';
import type { NoiseShape } from '../noise-shape.ts';
import { STAGE_MARGIN } from './layout.ts';

/** Shape of the noise of a stage: colours of the picture's size at stage 0; features above, with the pixels that the stage takes from each side. */
export function stageNoiseShape(stage: number, o: { size: Size; channels: number }): NoiseShape {
  const { width, height } = o.size;
  if (stage === 0) return [1, height, width, IMAGE_CHANNELS];
  return [1, height + 2 * STAGE_MARGIN, width + 2 * STAGE_MARGIN, o.channels];
}
