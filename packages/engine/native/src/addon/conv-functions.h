#pragma once
#include "arguments.h"

namespace singan {

// Sizes of an image are those of what is named first; outputs is an Int32Array that takes the numbers of the results.

// (x, height, width, in, weights, out) -> tensor
napi_value jsConv(Arguments& arguments);
// (dConvolved, height, width, out, weights, in) -> tensor
napi_value jsConvInputGrad(Arguments& arguments);
// (x, height, width, in, dConvolved, out) -> tensor
napi_value jsConvFilterGrad(Arguments& arguments);
// (x, height, width, in, weights, bias, slope) -> tensor
napi_value jsConvActivation(Arguments& arguments);
// (dy, height, width, channels, y, slope, outputs: dConvolved, dBias)
napi_value jsConvActivationGrad(Arguments& arguments);
// (r, height, width, channels, y, slope) -> tensor
napi_value jsConvActivationGradGrad(Arguments& arguments);
// (x, height, width, in, weights, gamma, beta, slope, epsilon, outputs: y, mean, variance)
napi_value jsConvBlock(Arguments& arguments);
// (dy, height, width, channels, y, outputs: dConvolved, dGamma, dBeta); y must be a result of jsConvBlock
napi_value jsConvBlockGrad(Arguments& arguments);
// (r, height, width, channels, dy, y, outputs: dDy, dConvolved, dGamma); y must be a result of jsConvBlock
napi_value jsConvBlockGradGrad(Arguments& arguments);

}  // namespace singan
