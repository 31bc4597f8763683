import {
  disposeStageNets,
  type GrowingInput,
  generateGrowing,
  type NamedArrays,
  noiseAmplitudeOf,
  readStageNets,
  type StageNets,
  scoreOf,
  stageDiscriminatorGradients,
  stageDiscriminatorStep,
  stageGeneratorGradients,
  stageGeneratorSteps,
} from '@singan/singan';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { expectGradients } from '../support/expect-gradients.ts';
import { expectTerms } from '../support/expect-terms.ts';
import {
  createFastNets,
  type FastGolden,
  type FastIteration,
  fastInput,
  fastParameters,
  fastReal,
  generateFast,
} from '../support/fast-golden.ts';
import { type GoldenArray, imageOf } from '../support/golden-array.ts';
import { expectArraysClose, expectClose, type GoldenCheck } from '../support/golden-check.ts';
import { imageTensor, namedGradients } from '../support/tensors.ts';
import { stagesFromTorch } from '../support/torch-stages.ts';

const FORWARD_TOLERANCE = 5e-5;
/** Relative; as the files suggest. */
const LOSS_TOLERANCE = 1e-3;
const PARAMETER_TOLERANCE = 1e-4;

/** Stages trained together: outputs, noise amplitudes, gradients, and whole iterations with all noise given. */
export const check: GoldenCheck = {
  prefix: 'j_fast',
  needsEngine: true,
  run(golden) {
    const file = golden as FastGolden;
    tf.tidy(() => {
      checkOutputs(file);
      checkNoiseAmplitudes(file);
      const nets = createFastNets(file);
      checkScore(file, nets);
      checkDiscriminatorGradient(file, nets);
      for (const iteration of file.trace) replayIteration(file, nets, iteration);
      disposeStageNets(nets);
    });
  },
};

/** The image of every stage, by the same weights. */
function checkOutputs(file: FastGolden): void {
  for (const [stage, expected] of file.forward.outputs_f64.entries()) {
    const output = generateFast(file, { stages: stage + 1, input: fastInput(file, file.forward.noise) });
    const values = output.dataSync();
    expectClose(`image of stage ${stage}`, values, { expected: imageOf(expected).data, tolerance: FORWARD_TOLERANCE });
  }
}

/** sigma of a stage, from the reconstruction of the stages before and the new one without noise. */
function checkNoiseAmplitudes(file: FastGolden): void {
  for (let stage = 1; stage < file.noiseAmplitudes.length; stage++) {
    const noiseAmplitudes = file.noiseAmplitudes.with(stage, 0);
    const input = { ...fastInput(file, file.reconstructionNoise), noiseAmplitudes };
    const reconstruction = generateFast(file, { stages: stage + 1, input });
    const real = imageTensor(file.reals[stage] as GoldenArray);
    const amplitude = noiseAmplitudeOf(real, reconstruction, file.config.noiseAmplitudeFactor);
    const expected = [file.noiseAmplitudes[stage] as number];
    expectClose(`noise amplitude of stage ${stage}`, [amplitude], { expected, tolerance: 1e-6 });
  }
}

function checkScore(file: FastGolden, { discriminator }: StageNets): void {
  const values = scoreOf(discriminator)(fastReal(file)).dataSync();
  const expected = imageOf(file.forward.score_of_real_f64).data;
  expectClose('score of the real picture', values, { expected, tolerance: FORWARD_TOLERANCE });
}

/** By every parameter of D, with the first step's noise and both nets as they are at first. */
function checkDiscriminatorGradient(file: FastGolden, { generator, discriminator }: StageNets): void {
  const first = file.trace[0] as FastIteration;
  const fake = generateGrowing(generator, fastInput(file, first.noise));
  const { gradientPenaltyWeight } = file.config;
  const mix = first.alphas[0] as number;
  const { gradients } = stageDiscriminatorGradients({
    discriminator,
    real: fastReal(file),
    fake,
    mix,
    gradientPenaltyWeight,
  });
  const expected = stagesFromTorch('discriminator', file.gradients_d_f64);
  expectGradients('gradient of D', namedGradients(discriminator, gradients), expected);
}

/** By every parameter of G that is trained, in the first iteration, after the steps of D. The file has one of a head that stands still too. */
function checkGeneratorGradient(file: FastGolden, nets: StageNets, input: GrowingInput): void {
  const parameters = new Map(nets.generatorAdams.flatMap(({ adam }) => [...adam.net.parameters]));
  const reconstructionInput = fastInput(file, file.reconstructionNoise);
  const { reconstructionWeight } = file.config;
  const loss = { ...nets, parameters, real: fastReal(file), input, reconstructionInput, reconstructionWeight };
  const got = namedGradients({ parameters }, stageGeneratorGradients(loss).gradients);
  const all = stagesFromTorch('generator', file.gradients_g_f64);
  const isTrained = (name: string) => file.config.headTrained || !name.startsWith('generator.head.');
  const expected = new Map([...all].filter(([name]) => isTrained(name)));
  expect([...got.keys()].sort()).toEqual([...expected.keys()].sort());
  expectGradients('gradient of G', got, expected);
}

function replayIteration(file: FastGolden, nets: StageNets, { iteration, noise, alphas, d, g }: FastIteration): void {
  const { lr: learningRate, gradientPenaltyWeight, reconstructionWeight } = file.config;
  const real = fastReal(file);
  const input = fastInput(file, noise);
  const fake = generateGrowing(nets.generator, input);
  for (const [index, golden] of d.entries()) {
    const what = `iteration ${iteration} D${index}`;
    const step = iteration * d.length + index + 1;
    const mix = alphas[index] as number;
    const terms = stageDiscriminatorStep(nets, { real, fake, mix, gradientPenaltyWeight, step, learningRate });
    const expected = {
      discriminatorReal: golden.real,
      discriminatorFake: golden.fake,
      gradientPenalty: golden.penalty,
    };
    expectTerms(terms, { expected, relativeTolerance: LOSS_TOLERANCE, what });
    expectParameters(what, nets, fastParameters(file, 'discriminator', golden.params_after_f64));
  }
  if (iteration === 0) checkGeneratorGradient(file, nets, input);
  const what = `iteration ${iteration} G`;
  const reconstructionInput = fastInput(file, file.reconstructionNoise);
  const step = iteration * d.length + 1;
  const schedule = { step, steps: d.length, learningRate };
  const terms = stageGeneratorSteps(nets, { real, input, reconstructionInput, reconstructionWeight, ...schedule });
  const expected = { generatorAdversarial: g.adversarial, reconstruction: g.reconstruction };
  expectTerms(terms, { expected, relativeTolerance: LOSS_TOLERANCE, what });
  expectParameters(what, nets, fastParameters(file, 'generator', g.params_after_f64));
}

function expectParameters(what: string, nets: StageNets, expected: NamedArrays): void {
  expectArraysClose(what, readStageNets(nets), { expected, tolerance: () => PARAMETER_TOLERANCE });
}
