#pragma once
#include "arguments.h"

namespace singan {

// parameters: Int32Array of tensors: weights, gamma, beta of each block, then weights and bias of the last layer. pass and gradient are
// tensors without values that stand for what the derivatives need.

// (x, height, width, in, parameters, slope, epsilon, outputs: y, statistics, pass)
napi_value jsNetForward(Arguments& arguments);
// (dy, pass, outputs: dx, gradient)
napi_value jsNetGrad(Arguments& arguments);
// (u, gradient, outputs: dDy, dx, gradient)
napi_value jsNetGradGrad(Arguments& arguments);
// (gradient, outputs: one for each parameter)
napi_value jsNetFilterGrads(Arguments& arguments);

}  // namespace singan
