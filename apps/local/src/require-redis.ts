// Makes sure that there is a redis-server before the tests start theirs; installs it when this machine lets us.
import { requireRedisProgram } from './stack/redis-program.ts';

try {
  requireRedisProgram((line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
