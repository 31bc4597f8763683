import { describeNativeKernels } from './testing/kernel-suite.ts';

describeNativeKernels('portable');
