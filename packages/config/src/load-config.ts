import { AppError } from '@singan/domain';
import { checkTogether } from './check-together.ts';
import { type Config, groupEngineValues, groupValues } from './config.ts';
import { type Environment, type Fault, readVariables } from './read-variables.ts';
import type { VariableValues } from './variables.ts';

/**
 * The configuration of a process from its environment (`process.env`, or anything like it).
 *
 * @throws AppError `config.invalid` listing all faults at once; the text of secrets is never in it
 */
export function loadConfig(env: Environment): Config {
  const { values, faults: ownFaults } = readVariables(env);
  const faults = [...ownFaults, ...checkTogether(values, env)];
  if (faults.length > 0) throw invalid(faults);
  return deepFreeze(groupValues(values as VariableValues));
}

const ENGINE_VARIABLES: readonly string[] = ['ENGINE', 'NATIVE_ISA', 'NATIVE_THREADS'];

/**
 * The engine's part alone, for programs that need no service around them.
 *
 * @throws AppError `config.invalid` listing all its faults at once
 */
export function loadEngineConfig(env: Environment): Config['engine'] {
  const { values, faults } = readVariables(env);
  const own = faults.filter(({ name }) => ENGINE_VARIABLES.includes(name));
  if (own.length > 0) throw invalid(own);
  return deepFreeze(groupEngineValues(values as VariableValues));
}

function invalid(faults: readonly Fault[]): AppError {
  const lines = faults.map(({ name, expected, got }) => `  ${name}: expected ${expected}; got ${got}`);
  return new AppError('config.invalid', `The environment is not valid:\n${lines.join('\n')}`, {
    errors: faults.map(({ name, expected, got }) => ({
      pointer: `/${name}`,
      detail: `expected ${expected}; got ${got}`,
    })),
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}
