// U = G w Gt of every pair of channels.
#include "../platform/parallel.h"
#include "conv.h"
#include "image-source.h"
#include "winograd-layout.h"

namespace singan::SINGAN_ISA {
namespace {

// u[frequency][..lanes): taps[9] to 36 values.
SINGAN_INLINE void transformTaps(const Vec* taps, float* u, long frequencyStride) {
  Vec half[kTileIn][3];
  SINGAN_UNROLL for (int column = 0; column < 3; column++) {
    const Vec down[3] = {taps[column], taps[3 + column], taps[6 + column]};
    Vec values[kTileIn];
    weightTransform(down, values);
    SINGAN_UNROLL for (int i = 0; i < kTileIn; i++) half[i][column] = values[i];
  }
  SINGAN_UNROLL for (int i = 0; i < kTileIn; i++) {
    Vec values[kTileIn];
    weightTransform(half[i], values);
    SINGAN_UNROLL for (int j = 0; j < kTileIn; j++) store(u + (i * kTileIn + j) * frequencyStride, values[j]);
  }
}

SINGAN_NOINLINE void transformInputChannel(const float* weights, const ConvShape& shape, int in, float* prepared) {
  const long stride = weightsStride(shape);
  for (int out = 0; out < shape.outPadded; out += kLanes) {
    Vec taps[9] = {};
    const int valid = minOf(kLanes, shape.out - out);
    if (in < shape.in && valid > 0) {
      for (int tap = 0; tap < 9; tap++) {
        const float* w = weights + (static_cast<long>(tap) * shape.in + in) * shape.out + out;
        if (valid == kLanes) taps[tap] = load(w);
        else for (int lane = 0; lane < valid; lane++) taps[tap][lane] = w[lane];
      }
    }
    float* u = prepared + out / kOutBlock * kFrequencies * stride + static_cast<long>(in) * kOutBlock + out % kOutBlock;
    transformTaps(taps, u, stride);
  }
}

}  // namespace

long winogradPreparedFloats(int in, int out) { return transformedWeightFloats(ConvShape(in, out)); }

void winogradPrepare(ThreadPool& pool, const float* weights, int in, int out, float* prepared) {
  const ConvShape shape(in, out);
  const long chunks = chunksFor(pool, shape.inPadded, 16);
  parallelChunks(pool, chunks, [&](long chunk, int) {
    const Range channels = rangeOf(shape.inPadded, chunk, chunks);
    for (long channel = channels.begin; channel < channels.end; channel++) {
      transformInputChannel(weights, shape, static_cast<int>(channel), prepared);
    }
  });
}

}  // namespace singan::SINGAN_ISA
