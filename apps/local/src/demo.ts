import { systemClock, toAppError } from '@singan/domain';
import { abortOnSignals } from './abort-on-signals.ts';
import { runDemo } from './demo/run-demo.ts';
import { DEMO_HELP, type DemoOptions, parseDemoArguments } from './demo-arguments.ts';

async function demo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const stream = options.isJson ? process.stderr : process.stdout;
  const summary = await runDemo(options, { now: systemClock.now(), environment: process.env, stream, signal });
  if (options.isJson) process.stdout.write(`${JSON.stringify(summary)}\n`);
}

const signal = abortOnSignals();
try {
  const args = parseDemoArguments(process.argv.slice(2));
  if (args.kind === 'help') process.stdout.write(DEMO_HELP);
  else await demo(args, signal);
} catch (error) {
  process.stderr.write(`${signal.aborted ? 'Interrupted: everything is stopped.' : toAppError(error).message}\n`);
  process.exitCode = signal.aborted ? 130 : 1;
}
