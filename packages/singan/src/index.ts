export { type Adam, applyAdam, createAdam, disposeAdam, readAdam } from './adam.ts';
export { type AnimateOptions, animate } from './animate.ts';
export { type BlendMaskedOptions, blendMasked } from './blend-masked.ts';
export { ConcurrentModel, type ConcurrentModelOptions } from './concurrent/concurrent-model.ts';
export {
  createGrowingGenerator,
  disposeGrowingGenerator,
  type GrowingGenerator,
  type GrowingInput,
  generateGrowing,
} from './concurrent/growing-generator.ts';
export {
  type StageDiscriminatorLossOptions,
  type StageGeneratorLossOptions,
  scoreOf,
  stageDiscriminatorGradients,
  stageGeneratorGradients,
} from './concurrent/stage-gradients.ts';
export {
  createStageNets,
  disposeStageNets,
  readStageNets,
  type StageNets,
  type StageNetsOptions,
  stageDiscriminatorStep,
  stageGeneratorSteps,
} from './concurrent/stage-nets.ts';
export { decodeStageState, encodeStageState, type StageState } from './concurrent/stage-state.ts';
export type { Gradients } from './differentiate.ts';
export {
  type FitPaletteOptions,
  fitPalette,
  quantizationError,
  refinePalette,
} from './fit-palette.ts';
export { forwardTraining, type TrainingForward } from './forward-training.ts';
export {
  addPrevious,
  composeInput,
  composeNoiselessInput,
  type GeneratorInput,
  generateTraining,
  type InputOptions,
} from './generator.ts';
export { GeneratorPyramid } from './generator-pyramid.ts';
export { resizeImage } from './image-tensor.ts';
export { createInferenceNet, disposeInferenceNet, forwardInference, type InferenceNet } from './inference-net.ts';
export { type StartOptions, startArrays } from './initial-weights.ts';
export { type InjectImageOptions, injectImage } from './inject-image.ts';
export { loadModel } from './load-model.ts';
export type { LoadModelOptions } from './load-model-options.ts';
export type { DiscriminatorLossOptions } from './losses/composed-discriminator-gradients.ts';
export type { GeneratorLossOptions } from './losses/composed-generator-gradients.ts';
export { discriminatorGradients, generatorGradients } from './losses/step-gradients.ts';
export type { DiscriminatorTerm, GeneratorTerm } from './losses/wgan-gp.ts';
export type { NamedArray, NamedArrays } from './named-arrays.ts';
export { createNet, disposeNet, type Net, readNet } from './net.ts';
export { MARGIN, type NetRole } from './net-layout.ts';
export {
  createNetPair,
  discriminatorStep,
  disposeNetPair,
  generatorStep,
  type NetPair,
  readMoments,
  readNetPair,
  type StepOptions,
} from './net-pair.ts';
export { noiseAmplitudeOf } from './noise-amplitude.ts';
export { NoiseWalk, type WalkOptions } from './noise-walk.ts';
export { type Colour, nearestIndices, type Palette, quantize } from './palette.ts';
export { type RetrainScaleOptions, retrainScale } from './retrain-scale.ts';
export {
  type BatchStatistics,
  feedRunningStatistics,
  type RunningStatistics,
  readRunningStatistics,
} from './running-statistics.ts';
export { decodeSafetensors, encodeSafetensors, type SafetensorsFile } from './safetensors.ts';
export { reconstructImage, type SampleImageOptions, sampleImage } from './sample-image.ts';
export { decodeScaleState, encodeScaleState, type ScaleState } from './scale-state.ts';
export { type SuperResolveOptions, superResolve } from './super-resolve.ts';
export { trainPyramid } from './train-pyramid.ts';
export type { TrainPyramidOptions } from './train-pyramid-options.ts';
export type { Trainable } from './trainable.ts';
export type { ChainOptions, TrainedModel } from './trained-model.ts';
export type { IterationLosses, ScaleFinishedEvent, TrainingControl, TrainingEvent } from './training-event.ts';
