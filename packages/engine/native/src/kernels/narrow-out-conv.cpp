// Convolution to at most four channels: the products of a pixel with the weights of all nine taps are one row of a matrix
// product (a 1x1 convolution to 9 x out channels); then each result gathers its nine.
#include "../platform/parallel.h"
#include "conv.h"
#include "epilogue.h"
#include "register-gemm.h"

namespace singan::SINGAN_ISA {
namespace {

SINGAN_INLINE int tapsPadded(int out) { return roundUp(9 * out, kOutBlock); }
SINGAN_INLINE long blockFloats(int in) { return static_cast<long>(roundUp(in, kLanes)) * kOutBlock; }

typedef float Four __attribute__((vector_size(16)));
typedef float UnalignedFour __attribute__((vector_size(16), aligned(4), may_alias));

struct TapProducts {
  const Source& source;
  const float* prepared;
  int out;
  float* staging;   // some pixels of the source, [chunk of 32 channels][pixel][32]
  float* products;  // three rows, [row % 3][column][tapsPadded]

  SINGAN_INLINE float* rowOf(int row) const {
    return products + static_cast<long>(row % 3) * source.width * tapsPadded(out);
  }

  SINGAN_NOINLINE void computeRow(int row) const {
    const int width = source.width, taps = tapsPadded(out), depth = roundUp(source.channels, kLanes);
    const long chunk = static_cast<long>(kRegisterRows) * kDepthChunk;
    forRowBlocks(width, [&](int column, int count) {
      const long pixel = static_cast<long>(row) * width + column;
      prefetchPixels(source, {0, source.channels}, pixel + 2 * kRegisterRows, count);
      stagePixels(source, pixel, count, {staging, kDepthChunk, chunk});
      for (int block = 0; block < taps; block += kOutBlock) {
        const float* b = prepared + block / kOutBlock * blockFloats(source.channels);
        const GemmOperands operands = {
            staging, kDepthChunk, chunk, b, rowOf(row) + static_cast<long>(column) * taps + block, taps, depth, false};
        if (9 * out - block <= kLanes) multiplyRowsOf<kDepthChunk, 1, kOutBlock, 1>(count, operands);
        else multiplyRowsOf<kDepthChunk, 1, kOutBlock>(count, operands);
      }
    });
  }

  // values[column][out] of result row `row`. Always four channels at a time: what is too much is overwritten by the next
  // column, or lies behind the end of the scratch memory.
  SINGAN_NOINLINE void gatherRow(int row, int pad, int width, float* values) const {
    const int taps = tapsPadded(out);
    for (int column = 0; column < width; column++) {
      Four sum = {};
      for (int tapRow = maxOf(0, pad - row); tapRow < minOf(3, source.height + pad - row); tapRow++) {
        const float* products = rowOf(row + tapRow - pad) + tapRow * 3 * out;
        for (int tapColumn = maxOf(0, pad - column); tapColumn < minOf(3, source.width + pad - column); tapColumn++) {
          const float* product = products + static_cast<long>(column + tapColumn - pad) * taps + tapColumn * out;
          sum += *reinterpret_cast<const UnalignedFour*>(product);
        }
      }
      *reinterpret_cast<UnalignedFour*>(values + static_cast<long>(column) * out) = sum;
    }
  }
};

}  // namespace

long narrowOutPreparedFloats(int in, int out) { return blockFloats(in) * (tapsPadded(out) / kOutBlock); }

// [block of taps][input channel][kOutBlock]; tap t and output channel o are column t * out + o
void narrowOutPrepare(const float* weights, int in, int out, float* prepared) {
  clearFloats(prepared, narrowOutPreparedFloats(in, out));
  for (int tap = 0; tap < 9; tap++) {
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        const int column = tap * out + o;
        prepared[column / kOutBlock * blockFloats(in) + static_cast<long>(i) * kOutBlock + column % kOutBlock] =
            weights[(static_cast<long>(tap) * in + i) * out + o];
      }
    }
  }
}

void narrowOutConvolve(ThreadPool& pool, const Source& source, const float* prepared, int out, int pad,
                       const Epilogue& epilogue, float* result) {
  const int height = source.height + 2 * pad - 2, width = source.width + 2 * pad - 2;
  // Each chunk computes the products of two rows more than it has rows.
  const long chunks = chunksFor(pool, height, maxOf(16, 1024 / width));
  const long partialFloats = static_cast<long>(kMaxSums) * paddedChannels(out);
  float* partials = pool.sharedScratch(chunks * partialFloats);
  const long stagingFloats = static_cast<long>(kRegisterRows) * roundUp(source.channels, kDepthChunk);
  const long productFloats = 3L * source.width * tapsPadded(out);
  pool.reserveScratch(stagingFloats + productFloats + static_cast<long>(width) * out);
  parallelChunks(pool, chunks, [&](long chunk, int worker) {
    float* partial = partials + chunk * partialFloats;
    clearFloats(partial, partialFloats);
    float* scratch = pool.scratch(worker);
    const TapProducts taps = {source, prepared, out, scratch, scratch + stagingFloats};
    float* values = scratch + stagingFloats + productFloats;
    const Range rows = rangeOf(height, chunk, chunks);
    int computed = maxOf(0, static_cast<int>(rows.begin) - pad);
    for (int row = static_cast<int>(rows.begin); row < rows.end; row++) {
      for (; computed < minOf(source.height, row - pad + 3); computed++) taps.computeRow(computed);
      taps.gatherRow(row, pad, width, values);
      finishPixels({values, out, static_cast<long>(row) * width, width, 0, out, out}, epilogue, result, partial);
    }
  });
  if (epilogue.sums) addPartials(partials, chunks, kMaxSums, paddedChannels(out), epilogue.sums);
}

}  // namespace singan::SINGAN_ISA
