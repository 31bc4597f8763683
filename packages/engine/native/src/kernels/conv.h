#pragma once
// The 3x3 convolutions of one instruction set. Sizes: the source is [height][width][in]; the result is
// [height + 2 pad - 2][width + 2 pad - 2][out] with zeros outside of the source (pad 0: valid; pad 2: the gradient with
// respect to the input, with weights turned by turnWeights). Weights are HWIO [3][3][in][out].
#include "../platform/thread-pool.h"
#include "conv-types.h"

namespace singan::SINGAN_ISA {

// Which of three ways suits the numbers of channels.
enum class ConvMethod { kWinograd, kNarrowIn, kNarrowOut };
ConvMethod convMethod(int in, int out);

// Weights in the form the method wants.
long preparedWeightFloats(int in, int out, ConvTiling tiling);
void prepareWeights(ThreadPool& pool, const float* weights, int in, int out, ConvTiling tiling, float* prepared);

// turned[2 - row][2 - column][o][i] = weights[row][column][i][o]
void turnWeights(const float* weights, int in, int out, float* turned);

// Weights are prepared for the tiling of the epilogue's kind.
void convolve(ThreadPool& pool, const Source& source, const float* prepared, int out, int pad, const Epilogue& epilogue,
              float* result);

// gradient[row][column][i][o] = sum over pixels of x(pixel + (row, column))[i] dy(pixel)[o], added up over the pairs, which
// have the same channels and may differ in size.
void weightGradient(ThreadPool& pool, const GradientPair* pairs, int pairCount, float* gradient);

void winogradPrepare(ThreadPool& pool, const float* weights, int in, int out, ConvTiling tiling, float* prepared);
void winogradConvolve(ThreadPool& pool, const Source& source, const float* prepared, int out, int pad,
                      const Epilogue& epilogue, float* result);
void winogradWeightGradient(ThreadPool& pool, const GradientPair* pairs, int pairCount, float* gradient);
long winogradPreparedFloats(int in, int out, ConvTiling tiling);

long narrowInPreparedFloats(int in, int out);
void narrowInPrepare(const float* weights, int in, int out, float* prepared);
void narrowInConvolve(ThreadPool& pool, const Source& source, const float* prepared, int out, int pad,
                      const Epilogue& epilogue, float* result);

long narrowOutPreparedFloats(int in, int out);
void narrowOutPrepare(const float* weights, int in, int out, float* prepared);
void narrowOutConvolve(ThreadPool& pool, const Source& source, const float* prepared, int out, int pad,
                       const Epilogue& epilogue, float* result);
void narrowWeightGradient(ThreadPool& pool, const GradientPair& pair, bool addToGradient, float* gradient);

}  // namespace singan::SINGAN_ISA
