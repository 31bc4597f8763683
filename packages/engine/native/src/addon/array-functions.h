#pragma once
#include "arguments.h"

namespace singan {

// (isa: a name or '' for the fastest, threads: 0 for as many as may run)
napi_value jsStart(Arguments& arguments);
// () -> the name of the instruction set
napi_value jsIsa(Arguments& arguments);
// () -> number of threads
napi_value jsThreads(Arguments& arguments);
// () -> number of tensors alive
napi_value jsTensorCount(Arguments& arguments);

// (values: Float32Array) -> tensor
napi_value jsWrite(Arguments& arguments);
// (tensor) -> number of values
napi_value jsSize(Arguments& arguments);
// (tensor, to: Float32Array)
napi_value jsRead(Arguments& arguments);
// (tensor)
napi_value jsRelease(Arguments& arguments);
// (size, value) -> tensor
napi_value jsFill(Arguments& arguments);
// (size, value, copies: Int32Array of StridedCopy, tensor of each copy ..) -> tensor
napi_value jsAssemble(Arguments& arguments);

// (op: number of a BinaryOp, a, b) -> tensor
napi_value jsBinary(Arguments& arguments);
// (op: number of a UnaryOp, x, first, second) -> tensor
napi_value jsUnary(Arguments& arguments);
// (x, outer, reduced, inner, factor) -> tensor
napi_value jsSum(Arguments& arguments);

// (size, seed, stream, counter, counter) -> tensor
napi_value jsNoise(Arguments& arguments);
// (x, channels, per axis: input, positions: Int32Array, values: Float32Array, output) -> tensor
napi_value jsResize(Arguments& arguments);
// (gradient, channels) -> tensor
napi_value jsGradientPenalty(Arguments& arguments);
// (gradient, channels, dy: scalar tensor) -> tensor
napi_value jsGradientPenaltyGrad(Arguments& arguments);
// (rate, beta1, beta2, epsilon, correction, inputs: Int32Array of 4n tensors, outputs: Int32Array for 3n)
napi_value jsAdamUpdate(Arguments& arguments);

}  // namespace singan
