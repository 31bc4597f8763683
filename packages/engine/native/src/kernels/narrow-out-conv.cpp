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

// The taps of a filter's row or column, as far as they fall on an image.
struct AllTaps {
  static constexpr int begin = 0, end = 3;
};
struct Taps {
  int begin, end;
  // The filter begins at position `first` of `length`.
  SINGAN_INLINE static Taps within(int first, int length) { return {maxOf(0, -first), minOf(3, length - first)}; }
  SINGAN_INLINE bool isWhole() const { return begin == 0 && end == 3; }
};

// Shift and slope of a kBiasActivation epilogue; without effect for the other kinds.
struct Bias {
  Four shift = {};
  float slope = 1;
  SINGAN_INLINE explicit Bias(const Epilogue& epilogue) {
    if (epilogue.kind != EpilogueKind::kBiasActivation) return;
    shift = *reinterpret_cast<const UnalignedFour*>(epilogue.shift);
    slope = epilogue.slope;
  }
};

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

  // What all taps add to one pixel, and after its channels what may be overwritten.
  template <class TapRows, class TapColumns>
  SINGAN_INLINE Four gather(int row, int column, const TapRows& tapRows, const TapColumns& tapColumns) const {
    Four sum = {};
    SINGAN_UNROLL for (int tapRow = tapRows.begin; tapRow < tapRows.end; tapRow++) {
      const float* products = rowOf(row + tapRow) + static_cast<long>(column) * tapsPadded(out) + tapRow * 3 * out;
      SINGAN_UNROLL for (int tapColumn = tapColumns.begin; tapColumn < tapColumns.end; tapColumn++) {
        sum += *reinterpret_cast<const UnalignedFour*>(products + tapColumn * (tapsPadded(out) + out));
      }
    }
    return sum;
  }

  // values[column][out] = act(.. + shift) of result row `row`. Always four channels at a time: what is too much is overwritten by
  // the next column, or lies behind the end of the scratch memory.
  SINGAN_NOINLINE void gatherRow(int row, int pad, int width, const Bias& bias, float* values) const {
    const Taps rows = Taps::within(row - pad, source.height);
    for (int column = 0; column < width; column++) {
      const Taps columns = Taps::within(column - pad, source.width);
      const bool isWhole = rows.isWhole() && columns.isWhole();
      const Four sum = isWhole ? gather(row - pad, column - pad, AllTaps(), AllTaps())
                               : gather(row - pad, column - pad, rows, columns);
      const Four z = sum + bias.shift;
      *reinterpret_cast<UnalignedFour*>(values + static_cast<long>(column) * out) = z > Four{} ? z : z * bias.slope;
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
  const Bias bias(epilogue);
  const bool isFinished = epilogue.kind == EpilogueKind::kStore || epilogue.kind == EpilogueKind::kBiasActivation;
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
      taps.gatherRow(row, pad, width, bias, values);
      const long pixel = static_cast<long>(row) * width;
      if (isFinished) memcpy(result + pixel * out, values, static_cast<size_t>(width) * out * sizeof(float));
      else finishPixels({values, out, pixel, width, 0, out, out}, epilogue, result, partial);
    }
  });
  if (epilogue.sums) addPartials(partials, chunks, kMaxSums, paddedChannels(out), epilogue.sums);
}

}  // namespace singan::SINGAN_ISA
