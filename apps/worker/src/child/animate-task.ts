import type { AnimateInput } from '@singan/contracts';
import { AppError, type RgbImage, type Size } from '@singan/domain';
import { encodeAnimation } from '@singan/imaging';
import { animate, superResolve } from '@singan/singan';
import type { AnimateTask } from '../generation-task.ts';
import type { EncodedPicture, TaskEnd } from '../protocol.ts';
import { encodePicture } from './encode-picture.ts';
import { requireModel } from './loaded-model.ts';
import { type SheetPicture, sendSweepSheet } from './send-contact-sheet.ts';
import { Stopped } from './stopped.ts';
import type { LoadedModel, TaskServices } from './task-services.ts';
import { StepMeter } from './task-steps.ts';

/** Frames of each animation that the sheet of a sweep shows. */
const SHEET_FRAMES = 4;
const CONTENT_TYPES = { webp: 'image/webp', gif: 'image/gif', mp4: 'video/mp4' } as const;

/** An animation from each start scale. Frames are encoded as they are drawn, or held as bytes where the format wants all at once. */
export async function runAnimateTask(task: AnimateTask, services: TaskServices): Promise<TaskEnd> {
  const { host, nowMs } = services;
  const { startScales, seed, frames, fps } = task.input;
  const model = await requireModel(task.model, services);
  const meter = new StepMeter(frames * startScales.length, nowMs);
  const sheet: SheetPicture[] = [];
  try {
    for (const startScale of startScales) {
      const film = new Film({ task, model, startScale, services, meter });
      const picture = await film.encode();
      const details = { startScale, frames, fps };
      await host.tell({ type: 'output', kind: 'animation', index: 0, seed, picture, details });
      for (const [n, image] of film.stills.entries()) {
        const still = await encodePicture(image, { format: 'png', gray: task.model.gray });
        sheet.push({ label: n === 0 ? 'first frame' : '', picture: still });
      }
    }
  } catch (error) {
    if (error instanceof Stopped) return { type: 'stopped' };
    throw error;
  }
  if (startScales.length > 1) await sendSweepSheet(host, sheet, startScales);
  return { type: 'succeeded' };
}

interface FilmOptions {
  readonly task: AnimateTask;
  readonly model: LoadedModel['model'];
  readonly startScale: number;
  readonly services: TaskServices;
  readonly meter: StepMeter;
}

/** One animation on its way from the model to its file. */
class Film {
  readonly #o: FilmOptions;
  /** As many of the frames, evenly spread, as the sheet of a sweep shows; of the trained size. */
  readonly stills: RgbImage[] = [];
  #size: Size | null = null;

  constructor(o: FilmOptions) {
    this.#o = o;
  }

  /** @throws Stopped when the host asks for it between two frames */
  async encode(): Promise<EncodedPicture> {
    const { input, model } = this.#o.task;
    const { format, fps } = input;
    const bytes = await encodeAnimation(this.#frames(), { format, fps, gray: model.gray });
    if (this.#size === null) throw new AppError('internal', 'expected an animation to have a frame');
    return { bytes, contentType: CONTENT_TYPES[format], ...fileSize(this.#size, format) };
  }

  async *#frames(): AsyncGenerator<RgbImage, void> {
    const { task, model, startScale, services, meter } = this.#o;
    const { alpha, beta, frames, seed, loop: isLoop } = task.input;
    let number = 0;
    for await (const frame of animate(model, { startScale, alpha, beta, frames, seed, isLoop })) {
      if (services.host.isStopRequested()) throw new Stopped();
      const isNextStill = number >= Math.floor((this.stills.length * frames) / SHEET_FRAMES);
      if (isNextStill && this.stills.length < SHEET_FRAMES) this.stills.push(frame);
      number += 1;
      const shown = this.#enlarged(frame);
      this.#size ??= { width: shown.width, height: shown.height };
      yield shown;
      const progress = meter.finishStep();
      if (progress !== null) await services.host.tell({ type: 'progress', progress });
    }
  }

  /** One seed, so one noise for all frames: with another for each, their texture would flicker. */
  #enlarged(frame: RgbImage): RgbImage {
    const { superResolution, seed } = this.#o.task.input;
    if (superResolution === null) return frame;
    return superResolve(this.#o.model, { image: frame, factor: superResolution.factor, seed });
  }
}

/** MP4 repeats the last column or row where a side is odd. */
function fileSize({ width, height }: Size, format: AnimateInput['format']): Size {
  return format === 'mp4' ? { width: width + (width % 2), height: height + (height % 2) } : { width, height };
}
