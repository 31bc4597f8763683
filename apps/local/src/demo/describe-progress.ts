import type { PlanLevel, Progress } from '@singan/contracts';
import { formatDuration } from './duration.ts';

/** In the order in which they are shown. */
const SHORT_NAMES = {
  discriminatorReal: 'D(real)',
  discriminatorFake: 'D(fake)',
  gradientPenalty: 'GP',
  generatorAdversarial: 'G',
  reconstruction: 'rec',
};

export function describeLosses(losses: Progress['losses']): string {
  if (losses === null) return '';
  return Object.entries(SHORT_NAMES)
    .flatMap(([name, short]) => (losses[name] === undefined ? [] : [`${short} ${losses[name].toPrecision(3)}`]))
    .join('  ');
}

export function describeLevel(scale: number, scales: number, level: PlanLevel): string {
  return `scale ${scale + 1}/${scales}  ${level.width}x${level.height}`;
}

export function describeTimeLeft(etaSeconds: number | null): string {
  return etaSeconds === null ? '' : `${formatDuration(etaSeconds)} left`;
}
