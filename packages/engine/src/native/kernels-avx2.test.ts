import { describeNativeKernels } from './testing/kernel-suite.ts';

describeNativeKernels('avx2');
