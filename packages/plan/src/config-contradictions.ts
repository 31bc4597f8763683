import type { TrainingConfig } from '@singan/contracts';
import type { FieldError } from '@singan/domain';
import { hasDiscriminator } from './loss-values.ts';
import { schemeContradictions } from './scheme-contradictions.ts';

/** What contradicts itself in a configuration, each with what would fit; pointers are relative to the configuration. */
export function configContradictions(config: TrainingConfig): FieldError[] {
  return [
    ...purposeContradictions(config),
    ...sizeContradictions(config),
    ...lossContradictions(config),
    ...schemeContradictions(config),
  ];
}

function purposeContradictions({ purpose, superResolutionFactor, normalization }: TrainingConfig): FieldError[] {
  const errors: FieldError[] = [];
  if (superResolutionFactor !== undefined && purpose !== 'super-resolution') {
    errors.push({
      pointer: '/superResolutionFactor',
      detail: `superResolutionFactor needs purpose super-resolution, got purpose ${purpose}: leave it out or set the purpose.`,
    });
  }
  if (purpose === 'super-resolution' && normalization === 'instance') {
    errors.push({
      pointer: '/normalization',
      detail:
        'normalization instance does not fit purpose super-resolution: large pictures are made in tiles, and each tile would be normalised ' +
        'by its own statistics: use batch or none.',
    });
  }
  return errors;
}

function sizeContradictions({ minSize, maxSize, baseChannels, maxChannels, pyramid }: TrainingConfig): FieldError[] {
  const errors: FieldError[] = [];
  if (minSize > maxSize) {
    errors.push({
      pointer: '/minSize',
      detail: `minSize must not exceed maxSize, got ${minSize} and ${maxSize}: lower minSize or raise maxSize.`,
    });
  }
  if (baseChannels > maxChannels) {
    errors.push({
      pointer: '/baseChannels',
      detail: `baseChannels must not exceed maxChannels, got ${baseChannels} and ${maxChannels}.`,
    });
  }
  if (pyramid.scaleCount !== undefined && pyramid.scaleFactor !== undefined) {
    errors.push({
      pointer: '/pyramid/scaleFactor',
      detail: 'Give pyramid.scaleCount or pyramid.scaleFactor, not both: each follows from the other.',
    });
  }
  return errors;
}

function lossContradictions({ loss, discriminatorSteps, gradientPenaltyWeight }: TrainingConfig): FieldError[] {
  if (hasDiscriminator(loss)) {
    if (discriminatorSteps > 0) return [];
    const detail = `loss ${loss} trains a discriminator and needs discriminatorSteps of at least 1, got 0.`;
    return [{ pointer: '/discriminatorSteps', detail }];
  }
  return Object.entries({ discriminatorSteps, gradientPenaltyWeight }).flatMap(([name, value]) => {
    if (value === 0) return [];
    const detail = `loss ${loss} trains no discriminator: expected ${name} to be left out or 0, got ${value}.`;
    return [{ pointer: `/${name}`, detail }];
  });
}
