import { z } from 'zod';
import { pictureFields, START_SCALE_HINT, startScaleSchema, startScalesField } from './request-fields.ts';
import { seedSchema, trainingConfigInputSchema } from './training-config.ts';
import { webhookRequestSchema } from './webhook.ts';

/** Most keys of a metadata object, and the longest key and value, in characters. */
export const METADATA_LIMITS = { keys: 50, keyLength: 64, valueLength: 512 } as const;

const metadataSchema = z
  .record(z.string().min(1).max(METADATA_LIMITS.keyLength), z.string().max(METADATA_LIMITS.valueLength))
  .refine((value) => Object.keys(value).length <= METADATA_LIMITS.keys, `at most ${METADATA_LIMITS.keys} keys`);

/** The JSON parts of `POST /models`; the picture is the multipart file `image`. */
export const createModelSchema = z.strictObject({
  config: trainingConfigInputSchema.default({}),
  name: z.string().min(1).max(200).optional(),
  metadata: metadataSchema.default({}),
  webhook: webhookRequestSchema.optional(),
});
export type CreateModel = z.infer<typeof createModelSchema>;

/** Most pictures of one sample job. */
export const MAX_SAMPLES = 64;

const sideSchema = z.int().min(16).max(16_384);
const stretchSchema = z.number().min(0.1).max(50);

const sampleFields = {
  count: z.int().min(1).max(MAX_SAMPLES).default(1).describe('Number of samples, at each start scale'),
  startScale: startScaleSchema
    .default(0)
    .describe(
      `First scale with fresh noise; the coarser ones reconstruct, so that large structure stays. ${START_SCALE_HINT}`,
    ),
  width: sideSchema.optional().describe('Width of the sample, px; default the trained width'),
  height: sideSchema.optional().describe('Height of the sample, px; default the trained height'),
  scaleX: stretchSchema.optional().describe('Width as a multiple of the trained one'),
  scaleY: stretchSchema.optional().describe('Height as a multiple of the trained one'),
  ...pictureFields,
};

/** `POST /models/:id/samples`. */
export const createSamplesSchema = z
  .strictObject({ ...sampleFields, webhook: webhookRequestSchema.optional() })
  .refine((value) => value.width === undefined || value.scaleX === undefined, {
    path: ['scaleX'],
    message: 'give width or scaleX, not both',
  })
  .refine((value) => value.height === undefined || value.scaleY === undefined, {
    path: ['scaleY'],
    message: 'give height or scaleY, not both',
  });
export type CreateSamples = z.infer<typeof createSamplesSchema>;

/** What a sample job keeps as its input: the request with the seed filled in. `count` pictures are drawn at each of `startScales`. */
export const sampleInputSchema = z.strictObject({ ...sampleFields, ...startScalesField, seed: seedSchema });
export type SampleInput = z.infer<typeof sampleInputSchema>;
