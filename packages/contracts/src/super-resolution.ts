import { z } from 'zod';
import { adjustmentsField, pictureFields } from './request-fields.ts';
import { seedSchema, superResolutionFactorSchema } from './training-config.ts';
import { webhookRequestSchema } from './webhook.ts';

const fields = {
  factor: superResolutionFactorSchema.describe('Enlargement of the working image, above 1, 8 at most'),
  ...pictureFields,
};

/** `POST /models/:id/super-resolutions`: JSON, or the fields of a form with the multipart file `groundTruth`. */
export const createSuperResolutionSchema = z.strictObject({ ...fields, webhook: webhookRequestSchema.optional() });
export type CreateSuperResolution = z.infer<typeof createSuperResolutionSchema>;

/** Input of a `super-resolve` job. A picture to compare with goes with it as `input-ground-truth`, of any size. */
export const superResolveInputSchema = z.strictObject({ ...fields, ...adjustmentsField, seed: seedSchema });
export type SuperResolveInput = z.infer<typeof superResolveInputSchema>;
