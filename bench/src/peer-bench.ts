import type { EngineInfo } from '@singan/engine';
import type { BenchArguments, BenchEnvironment } from './arguments.ts';
import { Peer } from './peer.ts';
import { measure, type Spread, spreadOf } from './spread.ts';
import { TrainingIteration } from './training-iteration.ts';

export interface PeerMeasurement extends Omit<EngineInfo, 'device'> {
  readonly size: string;
  readonly channels: number;
  readonly rounds: number;
  readonly iterationsPerRound: number;
  readonly peer: string;
  readonly peerIsa: string;
  readonly secondsPerIteration: Spread;
  readonly peerSecondsPerIteration: Spread;
  /** Median over the rounds of the peer's seconds by ours: how many times faster we are. */
  readonly ratio: Spread;
}

/** A round lasts about this long: what one side leaves in the caches and its waiting threads must not count against the other. */
const ROUND_SECONDS = 0.5;

/** Sizes of a training at 250 px from its coarsest scale to its finest. */
const SIZES: readonly Pick<BenchArguments, 'height' | 'width' | 'channels'>[] = [
  { height: 25, width: 33, channels: 32 },
  { height: 60, width: 80, channels: 32 },
  { height: 100, width: 133, channels: 64 },
  { height: 188, width: 250, channels: 64 },
];

/**
 * Times whole training iterations of ours and of PyTorch in alternating rounds, at the size that was asked for or at all of a training's.
 * @throws Error when there is no python with torch
 */
export async function benchAgainstPeer(o: BenchArguments, environment: BenchEnvironment): Promise<PeerMeasurement[]> {
  const sizes = o.isSizeGiven ? [{ height: o.height, width: o.width, channels: o.channels }] : SIZES;
  const measurements: PeerMeasurement[] = [];
  for (const size of sizes) measurements.push(await compare({ ...o, ...size }, environment));
  return measurements;
}

async function compare(o: BenchArguments, { engine: options, peerPython }: BenchEnvironment): Promise<PeerMeasurement> {
  const ours = await TrainingIteration.start({ ...o, normalization: 'batch' }, options);
  const { engine, isa, threads } = ours.engine;
  const peer = await Peer.start({ ...o, python: peerPython, threads });
  try {
    const [warm = 0] = await measure(() => ours.run(), { count: 1 });
    const perRound = Math.max(1, Math.ceil(ROUND_SECONDS / warm));
    const peerSeconds: number[] = [];
    const between = async () => {
      peerSeconds.push((await peer.run(perRound)) / perRound);
    };
    const rounds = await measure(() => ours.run(perRound), { count: o.iterations, warmUpSeconds: 0, between });
    const seconds = rounds.map((round) => round / perRound);
    const measured = peerSeconds.slice(-o.iterations);
    return {
      size: `${o.height}x${o.width}`,
      channels: o.channels,
      rounds: o.iterations,
      iterationsPerRound: perRound,
      engine,
      isa,
      threads,
      peer: `torch ${peer.facts.version}`,
      peerIsa: peer.facts.isa,
      secondsPerIteration: spreadOf(seconds),
      peerSecondsPerIteration: spreadOf(measured),
      ratio: spreadOf(measured.map((value, index) => value / (seconds[index] ?? Number.NaN))),
    };
  } finally {
    peer.stop();
    ours.dispose();
  }
}
