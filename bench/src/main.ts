import { loadEngineConfig } from '@singan/config';
import { toAppError } from '@singan/domain';
import { abortOnSignals } from './abort-on-signals.ts';
import { type BenchArguments, type BenchEnvironment, readBenchArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { benchAgainstPeer } from './peer-bench.ts';
import { reproduceCommand } from './reproduce-command.ts';
import { benchSampling } from './sampling-bench.ts';
import { scoreCommand } from './score-command.ts';
import type { Spread } from './spread.ts';
import { table } from './table.ts';
import { benchTraining, profileTraining } from './training-bench.ts';
import { UsageError } from './usage-error.ts';

const USAGE = `Usage: npm run bench -- train|sample|peer|score|reproduce [options]

  train      whole iterations at one scale: 3 discriminator steps with gradient penalty, 3 generator steps
  sample     random samples through a whole pyramid, warm
  peer       the same iterations here and in PyTorch, in alternating rounds, at the sizes of a training at 250 px or at --size
  score      SIFID, diversity and copy score of pictures; score --help
  reproduce  trains on a folder of pictures and scores what the models draw; reproduce --help

  --size HxW        of the scale (train, default 60x80) or of the finished sample (sample, default 188x250)
  --channels N      of the scale (train) or of the coarsest scales (sample); default 32
  --iterations N    measured repetitions, after at least two and two seconds to warm up; default 5 (train, peer), 10 (sample)
  --normalization N batch (default), instance or none, of the hidden layers (train)
  --profile         the time by kernel in place of the whole (train, native engine)
  --engine NAME     auto, native, wasm, cpu; default ENGINE, else auto
  --json            one JSON object instead of a table

ENGINE, NATIVE_ISA and NATIVE_THREADS count as in the service; PEER_PYTHON names a python that has torch (default python3).
Nothing else should run on the machine. Compare medians, as ratios of runs beside each other.
`;

interface Bench {
  readonly defaults: { size: string; channels: number; iterations: number };
  readonly run: (o: BenchArguments, environment: BenchEnvironment) => Promise<object | object[]>;
}

const BENCHES: Record<string, Bench> = {
  train: {
    defaults: { size: '60x80', channels: 32, iterations: 5 },
    run: (o, environment) => (o.isProfiled ? profileTraining : benchTraining)(o, environment),
  },
  peer: { defaults: { size: '60x80', channels: 32, iterations: 5 }, run: benchAgainstPeer },
  sample: { defaults: { size: '188x250', channels: 32, iterations: 10 }, run: benchSampling },
};

const COMMANDS: Record<string, Command> = { score: scoreCommand, reproduce: reproduceCommand };

async function main([name = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const command = COMMANDS[name];
  if (command !== undefined) return runCommand(command, args, env);
  const bench = BENCHES[name];
  if (bench === undefined && name !== '--help') {
    const names = [...Object.keys(BENCHES), ...Object.keys(COMMANDS)].join(', ');
    throw new UsageError(`expected one of ${names}, got "${name}"`);
  }
  const { choice, ...engine } = loadEngineConfig(env);
  const o = bench && readBenchArguments(args, { ...bench.defaults, engine: choice });
  if (!bench || !o) {
    process.stdout.write(USAGE);
    return;
  }
  const measurement = await bench.run(o, { engine, peerPython: env.PEER_PYTHON ?? 'python3' });
  process.stdout.write(`${o.isJson ? JSON.stringify(measurement) : table([measurement].flat().map(flatten))}\n`);
}

async function runCommand(command: Command, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { choice: engineChoice, ...engine } = loadEngineConfig(env);
  const signal = abortOnSignals();
  const note = (line: string) => void process.stderr.write(`${line}\n`);
  const environment = { engine, engineChoice, sifidWeights: env.SIFID_WEIGHTS, note, signal };
  process.stdout.write(await command.run(args, environment));
  if (signal.aborted) process.exitCode = 130;
}

const HEADINGS: Record<string, string> = {
  secondsPerIteration: 's ',
  secondsPerSample: 's ',
  peerSecondsPerIteration: 'peer s ',
  ratio: 'ratio ',
};

/** A spread becomes three columns. */
function flatten(measurement: object): Record<string, string | number> {
  const columns = Object.entries(measurement).flatMap(([key, value]) =>
    typeof value === 'object'
      ? Object.entries(value as Spread).map(([part, amount]) => [`${HEADINGS[key] ?? ''}${part}`, amount] as const)
      : [[key, value] as const],
  );
  return Object.fromEntries(columns);
}

try {
  await main(process.argv.slice(2), process.env);
} catch (error) {
  const isUsage = error instanceof UsageError;
  if (!isUsage && toAppError(error).code === 'internal') throw error;
  const usage = COMMANDS[process.argv[2] ?? '']?.usage ?? USAGE;
  process.stderr.write(`bench: ${toAppError(error).message}\n${isUsage ? `\n${usage}` : ''}`);
  process.exitCode = isUsage ? 2 : 1;
}
