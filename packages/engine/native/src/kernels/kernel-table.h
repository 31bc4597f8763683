#pragma once
// What one instruction set offers. The functions are described where they are declared, in this folder's headers.
#include "../platform/thread-pool.h"
#include "conv-types.h"
#include "elementwise-types.h"

namespace singan {

struct KernelTable {
  const char* name;
  long (*preparedWeightFloats)(int in, int out, ConvTiling tiling);
  void (*prepareWeights)(ThreadPool&, const float* weights, int in, int out, ConvTiling tiling, float* prepared);
  void (*turnWeights)(const float* weights, int in, int out, float* turned);
  void (*convolve)(ThreadPool&, const Source&, const float* prepared, int out, int pad, const Epilogue&, float* result);
  void (*weightGradient)(ThreadPool&, const GradientPair* pairs, int pairCount, float* gradient);
  void (*evaluate)(ThreadPool&, const Source* sources, int count, float* result);
  void (*reduce)(ThreadPool&, const Source&, const Epilogue&);
  void (*binary)(ThreadPool&, BinaryOp, Operand a, Operand b, float* result, long size);
  void (*unary)(ThreadPool&, const UnaryCall&, const float* x, float* result, long size);
  void (*adamUpdate)(ThreadPool&, const AdamConstants&, const AdamArrays&, long size);
};

}  // namespace singan
