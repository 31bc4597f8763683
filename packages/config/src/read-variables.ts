import type { Variable } from './variable.ts';
import { VARIABLE_NAMES, VARIABLES, type VariableName, type VariableValues } from './variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable whose value cannot be taken. */
export interface Fault {
  readonly name: VariableName;
  readonly expected: string;
  readonly got: string;
}

/** Reads every variable for itself; what is faulty is missing in `values`. Blank counts as absent. */
export function readVariables(env: Environment): { values: Partial<VariableValues>; faults: Fault[] } {
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const name of VARIABLE_NAMES) {
    const variable: Variable<unknown> = VARIABLES[name];
    const result = variable.schema.safeParse(textOf(env, name) ?? variable.default);
    if (result.success) values[name] = result.data;
    else faults.push({ name, expected: variable.expected, got: shownText(env, name) });
  }
  return { values: values as Partial<VariableValues>, faults };
}

/** What a person may see of a variable's text. */
export function shownText(env: Environment, name: VariableName): string {
  const given = textOf(env, name);
  if (given === undefined) return 'nothing';
  const { isSecret = false }: Variable<unknown> = VARIABLES[name];
  return isSecret ? '[redacted]' : JSON.stringify(given);
}

function textOf(env: Environment, name: VariableName): string | undefined {
  const given = env[name]?.trim();
  return given === '' ? undefined : given;
}
