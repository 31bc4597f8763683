#pragma once
// Arguments that several functions take, and what is required of them.
#include "../ops/tensor.h"
#include "arguments.h"

namespace singan {

// Throws std::invalid_argument when the tensor has another number of values.
void requireSize(const char* name, const TensorPtr& tensor, size_t size);

// Height, width (each at least `least`) and channels.
ImageShape takeShape(Arguments& arguments, int least);
int takeChannels(Arguments& arguments);
float takeSlope(Arguments& arguments);

// The numbers of the results to the Int32Array `outputs`.
void putOutputs(Arguments& arguments, const std::vector<TensorPtr>& tensors);

}  // namespace singan
