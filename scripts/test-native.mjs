// Builds the native engine's own C++ tests and runs them, then again with AddressSanitizer and UndefinedBehaviorSanitizer.
// Where the compiler is missing or has no sanitizers it says so and goes on: there is nothing to test.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const ENGINE = 'packages/engine/native';
const VARIANTS = [
  { flags: ['--tests'], program: `${ENGINE}/build/tests` },
  { flags: ['--tests', '--sanitize'], program: `${ENGINE}/build/tests-sanitized` },
];

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

for (const { flags, program } of VARIANTS) {
  run(process.execPath, [`${ENGINE}/build.mjs`, ...flags]);
  if (existsSync(program)) run(program, []);
  else process.stdout.write(`${program} could not be built: not run\n`);
}
