#include "conv.h"
#include "elementwise.h"
#include "image-passes.h"
#include "kernel-table.h"

#define SINGAN_TEXT_OF(name) #name
#define SINGAN_TEXT(name) SINGAN_TEXT_OF(name)

namespace singan::SINGAN_ISA {

extern const KernelTable kKernels;
const KernelTable kKernels = {SINGAN_TEXT(SINGAN_ISA), preparedWeightFloats, prepareWeights, turnWeights, convolve,
                              weightGradient,          evaluate,             reduce,         binary,      unary,
                              adamUpdate};

}  // namespace singan::SINGAN_ISA
