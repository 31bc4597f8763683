export { compareLuma, type LumaDifference, SHAVE_PX } from './compare-luma.ts';
export { decodeWeights } from './decode-weights.ts';
export { loadDefaultWeights } from './default-weights.ts';
export { createEvaluator, type Evaluator, METRICS_VERSION } from './evaluator.ts';
export type { InceptionWeights } from './inception-layers.ts';
export { sampleScores } from './sample-scores.ts';
