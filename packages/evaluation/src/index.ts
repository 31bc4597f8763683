export { compareLuma, type LumaDifference, SHAVE_PX } from './compare-luma.ts';
