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

// (real, fake, height, width, channels, parameters of D, slope, epsilon, mix, gradientPenaltyWeight,
//  outputs: terms, statistics of three passes, gradients of the parameters)
napi_value jsDiscriminatorGradients(Arguments& arguments);
// (real, padded, previous, padded and previous of the reconstruction, height, width, channels of real, parameters of G, of D, slope, epsilon,
//  reconstructionWeight, outputs: terms, statistics of G's two passes and D's, gradients of G's parameters)
napi_value jsGeneratorGradients(Arguments& arguments);

}  // namespace singan
