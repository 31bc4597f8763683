import type { TrainingConfig } from '@singan/contracts';
import { assertNever, type FieldError } from '@singan/domain';

/** What the scheme of a configuration and its other values cannot both mean. */
export function schemeContradictions(config: TrainingConfig): FieldError[] {
  switch (config.scheme) {
    case 'sequential':
      return concurrentFields(config);
    case 'concurrent':
      return sequentialFields(config);
    default:
      return assertNever(config.scheme);
  }
}

function concurrentFields(config: TrainingConfig): FieldError[] {
  return (['concurrentStages', 'learningRateScale'] as const)
    .filter((field) => config[field] !== undefined)
    .map((field) => ({
      pointer: `/${field}`,
      detail: `${field} needs scheme concurrent, got scheme sequential: leave it out or set the scheme.`,
    }));
}

function sequentialFields(config: TrainingConfig): FieldError[] {
  const { pyramid, purpose, padding, normalization, activation, loss, reconstructionNoise } = config;
  const { baseChannels, maxChannels } = config;
  const faults: readonly (FieldError & { readonly isFault: boolean })[] = [
    {
      isFault: purpose === 'super-resolution',
      pointer: '/purpose',
      detail:
        'purpose super-resolution needs scheme sequential: only its finest generator can be used again and again on its own.',
    },
    {
      isFault: pyramid.rule !== 'paper',
      pointer: '/pyramid/rule',
      detail: `pyramid.rule ${pyramid.rule} needs scheme sequential: leave it out, the concurrent scheme spreads its stages by a rule of its own.`,
    },
    {
      isFault: pyramid.scaleFactor !== undefined,
      pointer: '/pyramid/scaleFactor',
      detail: 'pyramid.scaleFactor needs scheme sequential: give pyramid.scaleCount, the number of stages.',
    },
    {
      isFault: padding !== 'zero',
      pointer: '/padding',
      detail: `padding ${padding} needs scheme sequential: the concurrent scheme pads with zeros.`,
    },
    {
      isFault: normalization === 'instance',
      pointer: '/normalization',
      detail: 'normalization instance needs scheme sequential: the concurrent scheme knows batch and none.',
    },
    {
      isFault: activation !== 'leakyRelu',
      pointer: '/activation',
      detail: `activation ${activation} needs scheme sequential: the concurrent scheme has leakyRelu, with slope 0.05.`,
    },
    {
      isFault: loss !== 'wgan-gp',
      pointer: '/loss',
      detail: `loss ${loss} needs scheme sequential: the concurrent scheme trains with wgan-gp.`,
    },
    {
      isFault: reconstructionNoise !== 'fixed',
      pointer: '/reconstructionNoise',
      detail: `reconstructionNoise ${reconstructionNoise} needs scheme sequential: the concurrent scheme makes its reconstruction of the picture itself.`,
    },
    {
      isFault: maxChannels !== baseChannels,
      pointer: '/maxChannels',
      detail: `All stages of the concurrent scheme have baseChannels channels, got baseChannels ${baseChannels} and maxChannels ${maxChannels}: leave maxChannels out.`,
    },
  ];
  return faults.filter(({ isFault }) => isFault).map(({ pointer, detail }) => ({ pointer, detail }));
}
