import { z } from 'zod';
import {
  adjustmentsField,
  pictureFields,
  START_SCALE_HINT,
  startScaleSchema,
  startScalesField,
} from './request-fields.ts';
import { seedSchema, superResolutionFactorSchema } from './training-config.ts';
import { webhookRequestSchema } from './webhook.ts';

const webhookField = { webhook: webhookRequestSchema.optional() };

const quantizeSchema = z
  .strictObject({ colours: z.int().min(2).max(16).default(5).describe('Size of the palette') })
  .nullable()
  .default(null)
  .describe(
    'Reduces the painting to the palette of the training image, and trains the start scale anew on such pictures: ' +
      'closer to the paint strokes, but it takes as long as the training of a scale. Null: neither',
  );

const paintFields = {
  quantize: quantizeSchema,
  ...pictureFields,
};

/**
 * The fields of `POST /models/:id/paintings`; the painting is the multipart file `image`.
 * Without `startScale` the service takes scale 1, of a model with `reconstructionNoise` redrawn scale 2, as far as the model has it.
 */
export const createPaintingSchema = z.strictObject({
  ...paintFields,
  startScale: startScaleSchema
    .optional()
    .describe(
      `Scale that the painting is put in; a finer one keeps more of it. Default 1, of a model with reconstructionNoise redrawn 2. ${START_SCALE_HINT}`,
    ),
  ...webhookField,
});
export type CreatePainting = z.infer<typeof createPaintingSchema>;

/** Input of a `paint` job; with it goes an `input-image`, of any size. */
export const paintInputSchema = z.strictObject({
  ...paintFields,
  ...startScalesField,
  startScale: startScaleSchema,
  ...adjustmentsField,
  seed: seedSchema,
});
export type PaintInput = z.infer<typeof paintInputSchema>;

const MAX_OFFSET_PX = 16_384;
export const placementSchema = z.strictObject({
  x: z
    .int()
    .min(-MAX_OFFSET_PX)
    .max(MAX_OFFSET_PX)
    .describe("Left edge of the object, px of the model's working image"),
  y: z.int().min(-MAX_OFFSET_PX).max(MAX_OFFSET_PX).describe("Top edge of the object, px of the model's working image"),
  scale: z.number().gt(0).max(16).default(1).describe('Size of the object relative to its file'),
});
export type ObjectPlacement = z.infer<typeof placementSchema>;

const blendFields = {
  placement: placementSchema.optional().describe('Where the object is laid on the training image; goes with `object`'),
  ...pictureFields,
};

/**
 * The fields of `POST /models/:id/harmonizations` and `/edits`; the multipart files are `image` and `mask`, or `object`.
 * Without `startScale` the service takes the third finest scale, but none before that of paintings, of a model of scheme concurrent scale 2, as far as the model has it.
 */
export const createBlendSchema = z.strictObject({
  ...blendFields,
  startScale: startScaleSchema
    .optional()
    .describe(
      `Scale that the picture is put in; a finer one keeps more of it. Default the third finest, with reconstructionNoise redrawn 2 at least, with scheme concurrent 2. ${START_SCALE_HINT}`,
    ),
  ...webhookField,
});
export type CreateBlend = z.infer<typeof createBlendSchema>;

/**
 * Input of a `harmonize` or `edit` job. With it goes an `input-mask` of the working size, and an `input-image` of any size or,
 * when there is a placement, an `input-object`, which the worker lays on the working image.
 */
export const blendInputSchema = z.strictObject({
  ...blendFields,
  ...startScalesField,
  ...adjustmentsField,
  startScale: startScaleSchema,
  seed: seedSchema,
});
export type BlendInput = z.infer<typeof blendInputSchema>;

export const ANIMATION_FILE_FORMATS = ['webp', 'gif', 'mp4'] as const;

const frameSuperResolutionSchema = z
  .strictObject({ factor: superResolutionFactorSchema.describe('Enlargement of the frames, above 1, 8 at most') })
  .nullable()
  .default(null)
  .describe(
    'Enlarges each frame by the finest generator of the model, as a super-resolution does, with the same noise in all frames, ' +
      'so that they do not flicker. Null: frames of the trained size',
  );

const animateFields = {
  startScale: startScaleSchema
    .default(0)
    .describe(`First scale that moves; the coarser ones stay as in the training image. ${START_SCALE_HINT}`),
  alpha: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('How strongly each step is drawn back to the training image; 1 does not move at all'),
  beta: z.number().min(0).max(1).default(0.9).describe('How much each step goes on as the one before: smoothness'),
  frames: z.int().min(2).max(1000).default(100),
  fps: z.number().gt(0).max(50).default(10).describe('Frames a second'),
  loop: z.boolean().default(false).describe('Whether the last frame leads back to the first without a jump'),
  superResolution: frameSuperResolutionSchema,
  seed: pictureFields.seed,
  format: z.enum(ANIMATION_FILE_FORMATS).default('webp'),
};

/** `POST /models/:id/animations`. */
export const createAnimationSchema = z.strictObject({ ...animateFields, ...webhookField });
export type CreateAnimation = z.infer<typeof createAnimationSchema>;

/** Input of an `animate` job. */
export const animateInputSchema = z.strictObject({ ...animateFields, ...startScalesField, seed: seedSchema });
export type AnimateInput = z.infer<typeof animateInputSchema>;
