import { once } from 'node:events';
import { toAppError } from '@singan/domain';
import { abortOnSignals } from './abort-on-signals.ts';
import { startStack } from './stack/stack.ts';
import { parseStartArguments, START_HELP } from './start-arguments.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function start(signal: AbortSignal): Promise<void> {
  const args = parseStartArguments(process.argv.slice(2));
  if (args.kind === 'help') {
    process.stdout.write(START_HELP);
    return;
  }
  say('Starting Postgres, Redis, the API and a worker ...');
  const stack = await startStack({
    dataDirectory: args.data,
    port: args.port,
    engine: null,
    isTemporary: false,
    environment: process.env,
    signal,
    say,
  });
  say(`\n  Page   ${stack.url}/\n  API    ${stack.url}/docs\n  Logs   ${stack.logs}\n`);
  say('Ready. Ctrl-C stops everything; the data stay.');
  if (!signal.aborted) await once(signal, 'abort');
  say('Stopping ...');
  await stack.stop();
  say('Stopped.');
}

const signal = abortOnSignals();
try {
  await start(signal);
} catch (error) {
  process.stderr.write(`${signal.aborted ? 'Stopped.' : toAppError(error).message}\n`);
  process.exitCode = 1;
}
