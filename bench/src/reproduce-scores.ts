import { type EvaluationScores, evaluationScoresSchema } from '@singan/contracts';
import type { RgbImage } from '@singan/domain';
import { type Evaluator, METRICS_VERSION } from '@singan/evaluation';
import { contactSheet, decodeRgb, encodeImage } from '@singan/imaging';
import { reconstructImage, sampleImage, type TrainedModel } from '@singan/singan';
import { z } from 'zod';
import type { ReproduceStore } from './reproduce-store.ts';

/** Where samples start: at the coarsest scale, N in the paper, and at the next one, N - 1. */
export const START_SCALES = [0, 1] as const;
const SHEET_COLUMNS = 8;
const SCORES_FILE = 'scores.json';

const pictureScoresSchema = z.object({
  samples: z.int(),
  /** In the order of START_SCALES. */
  sets: z.array(evaluationScoresSchema).length(START_SCALES.length),
  /** For drawing and scoring. */
  seconds: z.number(),
});
export type PictureScores = z.infer<typeof pictureScoresSchema>;

export interface ScoreModelOptions {
  readonly store: ReproduceStore;
  readonly evaluator: Evaluator;
  /** Name of the evaluator's weights. */
  readonly weights: string;
  readonly image: RgbImage;
  readonly gray: boolean;
  readonly samples: number;
  readonly seed: number;
  readonly loadModel: () => TrainedModel;
  readonly nowSeconds: () => number;
}

/** Draws samples from both start scales, scores them and lays the first ones out on a sheet; takes what is in the store where it was made the same way. */
export async function scoreModel(o: ScoreModelOptions): Promise<PictureScores> {
  const before = await readScores(o);
  if (before) return before;
  const began = o.nowSeconds();
  const model = o.loadModel();
  try {
    const sheet = new Map<number, Uint8Array[]>();
    const sets: EvaluationScores[] = [];
    for (const startScale of START_SCALES) {
      const shown: Uint8Array[] = [];
      sheet.set(startScale, shown);
      sets.push(await o.evaluator.score(o.image, drawDelivered(model, o, { startScale, shown })));
    }
    await writeSheet(o, model, sheet);
    const scores = { samples: o.samples, sets, seconds: o.nowSeconds() - began };
    await o.store.writeJson(SCORES_FILE, scores);
    return scores;
  } finally {
    model.dispose();
  }
}

async function readScores({ store, samples, weights }: ScoreModelOptions): Promise<PictureScores | null> {
  const parsed = pictureScoresSchema.safeParse(await store.readJson(SCORES_FILE));
  if (!parsed.success || parsed.data.samples !== samples) return null;
  const isSame = parsed.data.sets.every((set) => set.weights === weights && set.version === METRICS_VERSION);
  return isSame ? parsed.data : null;
}

/** Samples as the service delivers them, by way of their files; the first ones are kept for the sheet. */
async function* drawDelivered(
  model: TrainedModel,
  { samples, seed, gray }: ScoreModelOptions,
  { startScale, shown }: { startScale: number; shown: Uint8Array[] },
): AsyncGenerator<RgbImage, void> {
  for (let index = 0; index < samples; index += 1) {
    const png = await encodeImage(sampleImage(model, { seed, index, startScale }), 'png', { gray });
    if (shown.length < SHEET_COLUMNS - 1) shown.push(png);
    yield await decodeRgb(png);
  }
}

async function writeSheet(
  { store, image, gray }: ScoreModelOptions,
  model: TrainedModel,
  samples: ReadonlyMap<number, readonly Uint8Array[]>,
): Promise<void> {
  const picture = await encodeImage(image, 'png', { gray });
  const reconstruction = await encodeImage(reconstructImage(model), 'png', { gray });
  const first = [
    { label: 'picture', image: picture },
    { label: 'reconstruction', image: reconstruction },
  ];
  const rows = [...samples].map(([startScale, pngs], row) => ({
    label: `start scale ${startScale}`,
    images: [first[row], ...pngs.map((png, at) => ({ label: `sample ${at + 1}`, image: png }))],
  }));
  const images = rows.flatMap((row) => row.images.filter((one) => one !== undefined));
  const columns = images.length / rows.length;
  const sheet = await contactSheet(images, { columns, rowLabels: rows.map(({ label }) => label) });
  await store.write('picture.png', picture);
  await store.write('samples.png', sheet);
}
