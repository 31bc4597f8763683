import type { Variable } from './variable.ts';
import { VARIABLE_NAMES, VARIABLES, type VariableName } from './variables.ts';

const HEADER = `# Configuration of the service. Made by "node scripts/env-example.mjs" from the table in packages/config/src/variables.ts: change it there.
# Lines that are commented out show the default, or an example where there is none.
`;

/** Text of `.env.example`: every variable with what it means, what is expected, and its default. */
export function envExample(): string {
  return [HEADER, ...VARIABLE_NAMES.map(section)].join('\n');
}

function section(name: VariableName): string {
  const { description, expected, default: fallback, example = '' }: Variable<unknown> = VARIABLES[name];
  const isRequired = fallback === undefined && !VARIABLES[name].schema.safeParse(undefined).success;
  const facts = isRequired ? `Required: ${expected}.` : `Expected: ${expected}.`;
  const assignment = `${name}=${fallback ?? example}`;
  return `# ${description}\n# ${facts}\n${isRequired ? assignment : `# ${assignment}`}\n`;
}
