import { describeNativeParity } from './support/parity-suite.ts';

await describeNativeParity('portable');
