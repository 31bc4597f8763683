#pragma once
#include <cstdint>

#include "machine.h"

namespace singan {

// result[outer][inner] = factor * sum over `reduced` of x[outer][reduced][inner], in double precision.
struct Reduction {
  long outer, reduced, inner;
  double factor;
};
void sumAxis(Machine& machine, const Reduction& reduction, const float* x, float* result);

// Mean over pixels of (|g| - 1)^2, |g| the norm over the channels of a pixel.
double gradientPenalty(Machine& machine, const float* gradient, long pixels, int channels);

// factor (|g| - 1) g / |g|, and 0 where |g| = 0
void gradientPenaltyGrad(Machine& machine, const float* gradient, long pixels, int channels, float factor,
                         float* result);

// Standard normal values: Philox4x32-10 with key (seed, stream) and counter (block of four, 0, counter), then Box-Muller.
struct NoiseKey {
  uint32_t seed, stream;
  uint32_t counter[2];
};
void normalNoise(Machine& machine, const NoiseKey& key, float* result, long size);

// One axis of a resize: each output is the sum of `taps` inputs at `positions`, times `values`.
struct ResizeAxis {
  int input, output, taps;
  const int32_t* positions;  // [output][taps], each in [0, input)
  const float* values;
};
// x [rows.input][columns.input][channels] -> result [rows.output][columns.output][channels]
void resize(Machine& machine, const ResizeAxis& rows, const ResizeAxis& columns, int channels, const float* x,
            float* result);

}  // namespace singan
