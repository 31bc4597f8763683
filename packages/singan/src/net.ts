import { type BiasedLayer, type ConvLayer, createBiasedLayer, createNormalisedLayer } from './conv-layer.ts';
import type { NamedArrays } from './named-arrays.ts';
import { arrayName, type NetRole, NORMALISED_BLOCKS } from './net-layout.ts';
import { type NetStyle, PAPER_STYLE } from './net-style.ts';
import { createRunningStatistics, type RunningStatistics, readRunningStatistics } from './running-statistics.ts';
import { createParameters, disposeTrainable, readVariables, type Trainable } from './trainable.ts';

/** A net that is trained. Its channels per layer are those of its weights. */
export interface Net extends Trainable {
  readonly role: NetRole;
  readonly style: NetStyle;
  /** Blocks 1 to 4: with bias without normalisation, normalised else. */
  readonly blocks: readonly ConvLayer[];
  /** Block 5. */
  readonly tail: BiasedLayer;
  /** Null but with batch norm. */
  readonly running: RunningStatistics | null;
}

/**
 * Puts a net on the backend. The caller disposes with {@link disposeNet}.
 * @param arrays may hold more than this net, e.g. a whole scale file.
 */
export function createNet(
  role: NetRole,
  arrays: NamedArrays,
  { normalization, activation }: NetStyle = PAPER_STYLE,
): Net {
  const { parameters, create } = createParameters(arrays);
  const createBlock = normalization === 'none' ? createBiasedLayer : createNormalisedLayer;
  const blocks = Array.from({ length: NORMALISED_BLOCKS }, (_, index) =>
    createBlock((part) => create(arrayName(role, index + 1, part))),
  );
  const tail = createBiasedLayer((part) => create(arrayName(role, NORMALISED_BLOCKS + 1, part)));
  const running = normalization === 'batch' ? createRunningStatistics(role, arrays) : null;
  return { role, style: { normalization, activation }, blocks, tail, running, parameters };
}

/** Reads a whole net back: parameters, then running statistics. */
export function readNet(net: Net): NamedArrays {
  const statistics = net.running === null ? [] : readRunningStatistics(net.running);
  return new Map([...readVariables(net.parameters), ...statistics]);
}

export function disposeNet(net: Net): void {
  disposeTrainable(net);
  net.running?.packed.dispose();
}
