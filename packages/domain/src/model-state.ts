/**
 * States of a model. `ready` means that every scale is trained; samples may be drawn earlier from the scales done so far,
 * also from a `failed` or `canceled` model that has some.
 */
export const MODEL_STATES = ['queued', 'training', 'ready', 'failed', 'canceled'] as const;
export type ModelState = (typeof MODEL_STATES)[number];

export const MODEL_TRANSITIONS: Record<ModelState, readonly ModelState[]> = {
  queued: ['training', 'failed', 'canceled'],
  training: ['queued', 'ready', 'failed', 'canceled'],
  ready: [],
  failed: ['queued'],
  canceled: ['queued'],
};

export function canTransitionModel(from: ModelState, to: ModelState): boolean {
  return MODEL_TRANSITIONS[from].includes(to);
}
