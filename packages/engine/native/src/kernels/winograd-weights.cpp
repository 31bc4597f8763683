// U = G w Gt of every pair of channels.
#include "../platform/parallel.h"
#include "conv.h"
#include "image-source.h"
#include "winograd-layout.h"

namespace singan::SINGAN_ISA {
namespace {

// u[frequency][..lanes): taps[9] to the values of a tile.
template <class Tile>
SINGAN_INLINE void transformTaps(const Vec* taps, float* u, long frequencyStride) {
  constexpr int rows = Tile::kInRows, columns = Tile::kInColumns;
  Vec half[rows][3];
  SINGAN_UNROLL for (int column = 0; column < 3; column++) {
    const Vec down[3] = {taps[column], taps[3 + column], taps[6 + column]};
    Vec values[rows];
    Winograd<Tile::kRows>::weight(down, values);
    SINGAN_UNROLL for (int i = 0; i < rows; i++) half[i][column] = values[i];
  }
  SINGAN_UNROLL for (int i = 0; i < rows; i++) {
    Vec values[columns];
    Winograd<Tile::kColumns>::weight(half[i], values);
    SINGAN_UNROLL for (int j = 0; j < columns; j++) store(u + (i * columns + j) * frequencyStride, values[j]);
  }
}

template <class Tile>
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
    float* u = prepared + out / kOutBlock * Tile::kFrequencies * stride + static_cast<long>(in) * kOutBlock + out % kOutBlock;
    transformTaps<Tile>(taps, u, stride);
  }
}

template <class Tile>
void prepare(ThreadPool& pool, const float* weights, const ConvShape& shape, float* prepared) {
  const long chunks = chunksFor(pool, shape.inPadded, 16);
  parallelChunks(pool, chunks, [&](long chunk, int) {
    const Range channels = rangeOf(shape.inPadded, chunk, chunks);
    for (long channel = channels.begin; channel < channels.end; channel++) {
      transformInputChannel<Tile>(weights, shape, static_cast<int>(channel), prepared);
    }
  });
}

}  // namespace

long winogradPreparedFloats(int in, int out, ConvTiling tiling) {
  const ConvShape shape(in, out);
  return tiling == ConvTiling::k4x4 ? transformedWeightFloats<Tile4x4>(shape) : transformedWeightFloats<Tile6x4>(shape);
}

void winogradPrepare(ThreadPool& pool, const float* weights, int in, int out, ConvTiling tiling, float* prepared) {
  const ConvShape shape(in, out);
  if (tiling == ConvTiling::k4x4) prepare<Tile4x4>(pool, weights, shape, prepared);
  else prepare<Tile6x4>(pool, weights, shape, prepared);
}

}  // namespace singan::SINGAN_ISA
