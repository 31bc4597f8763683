// Convolution by Winograd F(4x4, 3x3) or F(6x4, 3x3): 36 or 48 products per tile, channel and channel where the direct way needs 144
// or 216.
#include <type_traits>

#include "../platform/parallel.h"
#include "conv.h"
#include "epilogue.h"
#include "prefetcher.h"
#include "winograd-tiles.h"

namespace singan::SINGAN_ISA {
namespace {

template <EpilogueKind kind>
using KindOf = std::integral_constant<EpilogueKind, kind>;

template <EpilogueKind kind>
using TileFor = std::conditional_t<tilingOf(kind) == ConvTiling::k4x4, Tile4x4, Tile6x4>;

template <EpilogueKind kind>
struct Conv {
  const Source& source;
  const float* prepared;
  ConvShape shape;
  int pad;
  TileGrid<TileFor<kind>> grid;
  const Epilogue& epilogue;
  float* result;
  float* partials;
  int sumStride;
  bool isStreamed;
};

// A tile that reaches over an edge of the image or the channels; one within; one within that is stored past the caches.
enum class TileStore { kPartial, kWhole, kStreamed };

// y = At m A of one tile and up to kOutBlock channels from `channel` on, through the epilogue to memory.
template <EpilogueKind kind, TileStore way>
SINGAN_NOINLINE void finishTile(const Conv<kind>& conv, const float* m, long frequencyStride, long tile, int channel,
                                float* partial) {
  using Tile = TileFor<kind>;
  constexpr bool isWhole = way != TileStore::kPartial;
  const int row0 = conv.grid.row(tile), column0 = conv.grid.column(tile), channels = conv.shape.out;
  const int rows = isWhole ? Tile::kRows : minOf(Tile::kRows, conv.grid.height - row0);
  const int columns = isWhole ? Tile::kColumns : minOf(Tile::kColumns, conv.grid.width - column0);
  const long pixel = static_cast<long>(row0) * conv.grid.width + column0;
  SINGAN_UNROLL for (int block = 0; block < kOutBlock; block += kLanes) {
    const int k = channel + block, valid = isWhole ? kLanes : minOf(kLanes, channels - k);
    if (!isWhole && valid <= 0) return;
    Vec half[Tile::kInRows][Tile::kColumns];
    SINGAN_UNROLL for (int i = 0; i < Tile::kInRows; i++) {
      const float* line = m + i * Tile::kInColumns * frequencyStride + block;
      Winograd<Tile::kColumns>::output([&](int j) { return load(line + j * frequencyStride); }, half[i]);
    }
    ChannelEpilogue<kind> epilogue(conv.epilogue, k);
    SINGAN_UNROLL for (int column = 0; column < Tile::kColumns; column++) {
      if (!isWhole && column >= columns) continue;
      Vec values[Tile::kRows];
      Winograd<Tile::kRows>::output([&](int i) { return half[i][column]; }, values);
      SINGAN_UNROLL for (int row = 0; row < Tile::kRows; row++) {
        if (!isWhole && row >= rows) continue;
        const long offset = (pixel + static_cast<long>(row) * conv.grid.width + column) * channels + k;
        const Vec value = epilogue(values[row], offset);
        if (way == TileStore::kStreamed) stream(conv.result + offset, value);
        else if (isWhole) store(conv.result + offset, value);
        else storePartial(conv.result + offset, value, valid);
      }
    }
    if (sumCount(kind) > 0) epilogue.addTo(partial, k, conv.sumStride);
  }
}

template <EpilogueKind kind>
SINGAN_INLINE void finishTiles(const Conv<kind>& conv, const float* m, long first, int count, int channel, float* partial) {
  using Tile = TileFor<kind>;
  const long frequencyStride = productsStride(count);
  const bool hasAllChannels = channel + kOutBlock <= conv.shape.out;
  for (int tile = 0; tile < count; tile++, m += kOutBlock) {
    const bool isWhole = hasAllChannels && conv.grid.row(first + tile) + Tile::kRows <= conv.grid.height &&
                         conv.grid.column(first + tile) + Tile::kColumns <= conv.grid.width;
    const long number = first + tile;
    if (!isWhole) finishTile<kind, TileStore::kPartial>(conv, m, frequencyStride, number, channel, partial);
    else if (conv.isStreamed) finishTile<kind, TileStore::kStreamed>(conv, m, frequencyStride, number, channel, partial);
    else finishTile<kind, TileStore::kWhole>(conv, m, frequencyStride, number, channel, partial);
  }
}

struct BlockTiles {
  Range now, next;
};

// What the way back of this block and the way in of the next will read, where images are large.
template <EpilogueKind kind>
SINGAN_INLINE void prefetchBlock(const Conv<kind>& conv, const BlockTiles& tiles, Prefetcher& prefetcher) {
  const auto& grid = conv.grid;
  const Source& source = conv.source;
  if (!isLarge(source)) return;
  const int height = grid.height, width = grid.width, out = conv.shape.out;
  if (conv.epilogue.c) prefetcher.addTiles(conv.epilogue.c, height, width, out, grid, tiles.now, 0, 0);
  if (!conv.isStreamed) prefetcher.addTiles(conv.result, height, width, out, grid, tiles.now, 0, 0, true);
  if (tiles.next.begin == tiles.now.begin) return;
  for (const float* image : {source.first, source.c, source.third, source.fourth}) {
    if (!image) continue;
    prefetcher.addTiles(image, source.height, source.width, source.channels, grid, tiles.next, 2, conv.pad);
  }
}

template <EpilogueKind kind>
SINGAN_NOINLINE void convolveBlock(const Conv<kind>& conv, const BlockTiles& block, float* scratch, float* partial) {
  using Tile = TileFor<kind>;
  const Range& tiles = block.now;
  const int count = static_cast<int>(tiles.end - tiles.begin), depth = conv.shape.inPadded;
  const long vStride = tilesStride(count, depth), mStride = productsStride(count), uStride = weightsStride(conv.shape);
  float* v = scratch;
  float* m = v + Tile::kFrequencies * vStride;
  transformTiles<Inputs<Tile>>(conv.source, conv.pad, conv.grid, tiles.begin, count, v, m + Tile::kFrequencies * mStride);
  Prefetcher prefetcher;
  prefetchBlock(conv, block, prefetcher);
  prefetcher.start(static_cast<long>(Tile::kFrequencies) * (conv.shape.outPadded / kOutBlock) * rowBlocks(count));
  if (sumCount(kind) > 0) clearFloats(partial, static_cast<long>(kMaxSums) * conv.sumStride);
  const float* u = conv.prepared;
  for (int channel = 0; channel < conv.shape.out; channel += kOutBlock) {
    for (int f = 0; f < Tile::kFrequencies; f++, u += uStride) {
      forRowBlocks(count, [&](int row, int rows) {
        prefetcher.step();
        const GemmOperands operands = {
            v + f * vStride + row * kDepthChunk, kDepthChunk, chunkStride(count), u,
            m + f * mStride + row * kOutBlock,   kOutBlock,   depth,              false};
        multiplyRowsOf<kDepthChunk, 1, kOutBlock>(rows, operands);
      });
    }
    finishTiles(conv, m, tiles.begin, count, channel, partial);
  }
  if (conv.isStreamed) finishStreaming();
}

template <EpilogueKind kind>
void convolveAll(ThreadPool& pool, Conv<kind> conv) {
  using Tile = TileFor<kind>;
  const TaperedChunks chunks(pool, conv.grid.count, convTiles(conv.shape));
  const long blocks = chunks.count();
  const int largest = static_cast<int>(chunks.largest());
  pool.reserveScratch(Tile::kFrequencies * (tilesStride(largest, conv.shape.inPadded) + productsStride(largest)) +
                      stagingFloats<Tile>());
  const long partialFloats = static_cast<long>(kMaxSums) * conv.sumStride;
  if (sumCount(kind) > 0) conv.partials = pool.sharedScratch(blocks * partialFloats);
  parallelChunks(pool, blocks, [&](long block, int worker) {
    // Threads take turns, so that this is probably what this one will work on next.
    const long next = minOf(block + pool.threads(), blocks - 1);
    const BlockTiles tiles = {chunks.range(block), chunks.range(next)};
    convolveBlock(conv, tiles, pool.scratch(worker), conv.partials + block * partialFloats);
  });
  if (sumCount(kind) > 0) addPartials(conv.partials, blocks, sumCount(kind), conv.sumStride, conv.epilogue.sums);
}

}  // namespace

void winogradConvolve(ThreadPool& pool, const Source& source, const float* prepared, int out, int pad,
                      const Epilogue& epilogue, float* result) {
  const int height = source.height + 2 * pad - 2, width = source.width + 2 * pad - 2;
  const ConvShape shape(source.channels, out);
  const bool isPastCaches = isStreamed(static_cast<long>(height) * width, out);
  const auto run = [&](auto kind) {
    convolveAll<kind>(pool, {source, prepared, shape, pad, {height, width}, epilogue, result, nullptr, paddedChannels(out),
                             isPastCaches});
  };
  switch (epilogue.kind) {
    case EpilogueKind::kStore: return run(KindOf<EpilogueKind::kStore>());
    case EpilogueKind::kMoments: return run(KindOf<EpilogueKind::kMoments>());
    case EpilogueKind::kBiasActivation: return run(KindOf<EpilogueKind::kBiasActivation>());
    case EpilogueKind::kFirstOrder: return run(KindOf<EpilogueKind::kFirstOrder>());
    case EpilogueKind::kSecondOrder: return run(KindOf<EpilogueKind::kSecondOrder>());
  }
}

}  // namespace singan::SINGAN_ISA
