// dw = Gt [ sum over tiles of (Bt x B) .* (A dy At) ] G: the adjoint of the Winograd convolution with respect to w.
#include "../platform/parallel.h"
#include "conv.h"
#include "image-source.h"
#include "prefetcher.h"
#include "winograd-tiles.h"

namespace singan::SINGAN_ISA {
namespace {

constexpr int kFrequencies = GradientTile::kFrequencies, kValues = GradientTile::kInRows;
using Grid = TileGrid<GradientTile>;

SINGAN_INLINE void prefetchSource(const Source& source, const Grid& grid, const Range& tiles, int border,
                                  Prefetcher& prefetcher) {
  if (!isLarge(source)) return;
  for (const float* image : {source.first, source.c, source.third, source.fourth}) {
    if (!image) continue;
    prefetcher.addTiles(image, source.height, source.width, source.channels, grid, tiles, border, 0);
  }
}

// Adds the products of a block of tiles to s, or begins s with them.
SINGAN_NOINLINE void addBlock(const GradientPair& pair, const ConvShape& shape, const Grid& grid,
                              const Range& tiles, float* scratch, bool isFirst, float* s) {
  const int count = static_cast<int>(tiles.end - tiles.begin);
  const long vStride = tilesStride(count, shape.inPadded), qStride = tilesStride(count, shape.outPadded);
  const long sStride = gradientStride(shape);
  float* v = scratch;
  float* q = v + kFrequencies * vStride;
  float* staging = q + kFrequencies * qStride;
  transformTiles<Inputs<GradientTile>>(*pair.x, 0, grid, tiles.begin, count, v, staging);
  transformTiles<Gradients<GradientTile>>(*pair.dy, 0, grid, tiles.begin, count, q, staging);
  Prefetcher prefetcher;
  const Range next = {tiles.end, minOf(tiles.end + count, grid.count)};
  prefetchSource(*pair.dy, grid, next, 0, prefetcher);
  prefetchSource(*pair.x, grid, next, 2, prefetcher);
  prefetcher.start(static_cast<long>(kFrequencies) * (shape.outPadded / kOutBlock) * rowBlocks(shape.inPadded));
  for (int f = 0; f < kFrequencies; f++) {
    for (int out = 0; out < shape.outPadded; out += kOutBlock) {
      const float* b = q + f * qStride + out / kDepthChunk * chunkStride(count) + out % kDepthChunk;
      for (int in = 0; in < shape.inPadded; in += kDepthChunk) {
        const float* a = v + f * vStride + in / kDepthChunk * chunkStride(count);
        forRowBlocks(minOf(kDepthChunk, shape.inPadded - in), [&](int row, int rows) {
          prefetcher.step();
          const GemmOperands operands = {a + row,
                                         count,
                                         0,
                                         b,
                                         s + f * sStride + static_cast<long>(in + row) * shape.outPadded + out,
                                         shape.outPadded,
                                         count,
                                         !isFirst};
          multiplyRowsOf<1, kDepthChunk, kDepthChunk>(rows, operands);
        });
      }
    }
  }
}

// Of a part, whose S costs more than it saves below.
constexpr long kLeastTiles = 28;

struct Part {
  long number, count;
};

// Adds the tiles of one part of the image, block by block.
void addPart(const GradientPair& pair, const ConvShape& shape, const Part& part, float* scratch, bool isFirst, float* s) {
  const Grid grid(pair.dy->height, pair.dy->width);
  const Range all = rangeOf(grid.count, part.number, part.count);
  const long tiles = all.end - all.begin, blockTiles = weightGradientTiles(shape);
  const long blocks = (tiles + blockTiles - 1) / blockTiles;
  if (isFirst && tiles == 0) clearFloats(s, kFrequencies * gradientStride(shape));
  for (long block = 0; block < blocks; block++) {
    const Range range = rangeOf(tiles, block, blocks);
    addBlock(pair, shape, grid, {all.begin + range.begin, all.begin + range.end}, scratch, isFirst && block == 0, s);
  }
}

// The nine taps of one input channel from the parts of S, added in their order.
SINGAN_NOINLINE void finishInputChannel(const float* s, long parts, long partFloats, const ConvShape& shape, int in,
                                        float* gradient) {
  const long stride = gradientStride(shape);
  for (int out = 0; out < shape.out; out += kLanes) {
    const float* from = s + static_cast<long>(in) * shape.outPadded + out;
    Vec half[3][kValues], taps[3];
    SINGAN_UNROLL for (int j = 0; j < kValues; j++) {
      Vec sums[kValues];
      SINGAN_UNROLL for (int i = 0; i < kValues; i++) {
        const float* value = from + (i * kValues + j) * stride;
        sums[i] = load(value);
        for (long part = 1; part < parts; part++) sums[i] += load(value + part * partFloats);
      }
      Winograd<GradientTile::kRows>::weightAdjoint([&](int i) { return sums[i]; }, taps);
      SINGAN_UNROLL for (int k = 0; k < 3; k++) half[k][j] = taps[k];
    }
    SINGAN_UNROLL for (int row = 0; row < 3; row++) {
      Winograd<GradientTile::kRows>::weightAdjoint([&](int j) { return half[row][j]; }, taps);
      SINGAN_UNROLL for (int column = 0; column < 3; column++) {
        float* w = gradient + (static_cast<long>(row * 3 + column) * shape.in + in) * shape.out + out;
        storePartial(w, taps[column], shape.out - out);
      }
    }
  }
}

}  // namespace

void winogradWeightGradient(ThreadPool& pool, const GradientPair* pairs, int pairCount, float* gradient) {
  const ConvShape shape(pairs[0].x->channels, pairs[0].dy->channels);
  const int blockTiles = weightGradientTiles(shape);
  long largest = 0;
  for (int i = 0; i < pairCount; i++) largest = maxOf(largest, Grid(pairs[i].dy->height, pairs[i].dy->width).count);
  // Each part sums its tiles into an S of its own in a fixed order, whoever works on it.
  const long parts = chunksFor(pool, largest, maxOf(kLeastTiles, largest / pool.threads()));
  const long partFloats = kFrequencies * gradientStride(shape);
  float* s = pool.sharedScratch(parts * partFloats);
  pool.reserveScratch(kFrequencies * (tilesStride(blockTiles, shape.inPadded) + tilesStride(blockTiles, shape.outPadded)) +
                      stagingFloats<GradientTile>());
  parallelChunks(pool, parts, [&](long part, int worker) {
    for (int pair = 0; pair < pairCount; pair++) {
      addPart(pairs[pair], shape, {part, parts}, pool.scratch(worker), pair == 0, s + part * partFloats);
    }
  });
  const long chunks = chunksFor(pool, shape.in, 16);
  parallelChunks(pool, chunks, [&](long chunk, int) {
    const Range channels = rangeOf(shape.in, chunk, chunks);
    for (long in = channels.begin; in < channels.end; in++) {
      finishInputChannel(s, parts, partFloats, shape, static_cast<int>(in), gradient);
    }
  });
}

}  // namespace singan::SINGAN_ISA
