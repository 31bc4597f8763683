#pragma once
#include "tensor.h"

namespace singan {

// The values of the sum of images of one shape.
DensePtr evaluate(Machine& machine, const std::vector<RecipePtr>& images);

// The sum of images of one shape as one image; of a single one, itself. The sum of two is remembered as long as the
// first lives: a convolution and a weight gradient ask for the same one.
RecipePtr sumOf(Machine& machine, const std::vector<RecipePtr>& images);

DensePtr computeWeightGradient(Machine& machine, const PendingWeightGradient& gradient);

}  // namespace singan
