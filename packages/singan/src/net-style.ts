import type { Activation, Normalization, TrainingConfig } from '@singan/contracts';

/** What the hidden layers of both nets of a scale are made of. */
export type NetStyle = Pick<TrainingConfig, 'normalization' | 'activation'>;

/** The paper's. */
export const PAPER_STYLE: NetStyle = { normalization: 'batch', activation: 'leakyRelu' };

/** Factor for negative values of the activation that is fused with a convolution; 1, none, before an ELU. */
const SLOPES: Readonly<Record<Activation, number>> = { leakyRelu: 0.2, relu: 0, elu: 1 };

export function slopeOf({ activation }: NetStyle): number {
  return SLOPES[activation];
}

/** Trained parts of a hidden layer besides its weight. */
export function shiftParts(normalization: Normalization): readonly string[] {
  return normalization === 'none' ? ['bias'] : ['gamma', 'beta'];
}
