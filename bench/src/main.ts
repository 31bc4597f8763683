import { type BenchArguments, readBenchArguments, UsageError } from './arguments.ts';
import { benchSampling } from './sampling-bench.ts';
import type { Spread } from './spread.ts';
import { table } from './table.ts';
import { benchTraining } from './training-bench.ts';

const USAGE = `Usage: npm run bench -- train|sample [options]

  train    whole iterations at one scale: 3 discriminator steps with gradient penalty, 3 generator steps
  sample   random samples through a whole pyramid, warm

  --size HxW        of the scale (train, default 60x80) or of the finished sample (sample, default 188x250)
  --channels N      of the scale (train) or of the coarsest scales (sample); default 32
  --iterations N    measured repetitions, after two that are not; default 5 (train), 10 (sample)
  --engine NAME     auto (default), wasm, cpu
  --json            one JSON object instead of a table

Nothing else should run on the machine. Compare medians, as ratios of runs beside each other.
`;

interface Bench {
  readonly defaults: { size: string; channels: number; iterations: number };
  readonly run: (o: BenchArguments) => Promise<object>;
}

const BENCHES: Record<string, Bench> = {
  train: { defaults: { size: '60x80', channels: 32, iterations: 5 }, run: benchTraining },
  sample: { defaults: { size: '188x250', channels: 32, iterations: 10 }, run: benchSampling },
};

async function main([name = '', ...args]: readonly string[]): Promise<void> {
  const bench = BENCHES[name];
  if (bench === undefined && name !== '--help') throw new UsageError(`expected train or sample, got "${name}"`);
  const o = bench && readBenchArguments(args, bench.defaults);
  if (!bench || !o) {
    process.stdout.write(USAGE);
    return;
  }
  const measurement = await bench.run(o);
  process.stdout.write(`${o.isJson ? JSON.stringify(measurement) : table(flatten(measurement))}\n`);
}

/** A spread becomes three columns. */
function flatten(measurement: object): Record<string, string | number> {
  const columns = Object.entries(measurement).flatMap(([key, value]) =>
    typeof value === 'object'
      ? Object.entries(value as Spread).map(([part, seconds]) => [`${part} s`, seconds] as const)
      : [[key, value] as const],
  );
  return Object.fromEntries(columns);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`bench: ${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
