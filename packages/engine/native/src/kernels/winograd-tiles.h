#pragma once
// The way of a block of tiles into the transformed domain.
#include "image-source.h"
#include "winograd-layout.h"

namespace singan::SINGAN_ISA {

template <int side, class Transform>
SINGAN_INLINE void transformLine(const Transform& transform, const Vec* line, float* v, long frequencyStride) {
  SINGAN_UNROLL for (int group = 0; group < kGroups; group++) {
    Vec plus, minus;
    transform(group, [&](int column) { return line[column]; }, plus, minus);
    store(v + firstOfGroup(group) * frequencyStride, plus);
    if (sizeOfGroup(group) == 2) store(v + (firstOfGroup(group) + 1) * frequencyStride, minus);
  }
}

// Two-dimensional transform of one vector of channels, in groups of rows so that nothing has to be spilled: the columns
// of all `side` columns for one or two rows of results, then those rows, straight to memory.
template <int side, class Transform>
SINGAN_INLINE void transformSquare(const Transform& transform, const float* x, long rowStride, long pixelStride,
                                   float* v, long frequencyStride) {
  SINGAN_UNROLL for (int group = 0; group < kGroups; group++) {
    Vec plus[side], minus[side];
    SINGAN_UNROLL for (int column = 0; column < side; column++) {
      transform(group, [&](int row) { return load(x + row * rowStride + column * pixelStride); }, plus[column],
                minus[column]);
    }
    float* o = v + firstOfGroup(group) * kTileIn * frequencyStride;
    transformLine<side>(transform, plus, o, frequencyStride);
    if (sizeOfGroup(group) == 2) transformLine<side>(transform, minus, o + kTileIn * frequencyStride, frequencyStride);
  }
}

struct InputTransform {
  static constexpr int kSide = kTileIn;
  template <class Values>
  SINGAN_INLINE void operator()(int group, Values values, Vec& plus, Vec& minus) const {
    inputTransform(group, values, plus, minus);
  }
};

struct GradientTransform {
  static constexpr int kSide = kTileOut;
  template <class Values>
  SINGAN_INLINE void operator()(int group, Values values, Vec& plus, Vec& minus) const {
    gradientTransform(group, values, plus, minus);
  }
};

// Neighbouring tiles of a row that are staged together: they share columns, and a longer run costs less per value. A chunk of their
// channels fits the first-level cache.
constexpr int kStagedTiles = 8;
constexpr int kStagedColumns = (kStagedTiles - 1) * kTileOut + kTileIn;
constexpr long kStagingFloats = static_cast<long>(kTileIn) * kStagedColumns * kDepthChunk;

template <class Transform>
SINGAN_NOINLINE void transformTile(const float* x, long rowStride, long pixelStride, int channels, float* v,
                                   long frequencyStride) {
  SINGAN_NO_UNROLL for (int channel = 0; channel < channels; channel += kLanes) {
    transformSquare<Transform::kSide>(Transform(), x + channel, rowStride, pixelStride, v + channel, frequencyStride);
  }
}

// Transforms the tiles [first, first + count) of the grid to v; the tile at (row, column) of the grid starts `pad` pixels
// up and left of there in the source. Tiles that are computed, or reach over an edge, go through `staging`.
template <class Transform>
SINGAN_INLINE void transformTiles(const Source& source, int pad, const TileGrid& grid, long first, int count, float* v,
                                  float* staging) {
  constexpr int side = Transform::kSide;
  const int padded = roundUp(source.channels, kLanes);
  const long frequencyStride = tilesStride(count, padded);
  const bool isReadable = source.kind == SourceKind::kPlain && padded == source.channels;
  for (int tile = 0; tile < count;) {
    const int row = grid.row(first + tile) - pad, column = grid.column(first + tile) - pad;
    const int leftInRow = grid.columns - (column + pad) / kTileOut;
    const int tiles = minOf(minOf(kStagedTiles, leftInRow), count - tile);
    const int columns = (tiles - 1) * kTileOut + side;
    const bool isInside = row >= 0 && column >= 0 && row + side <= source.height && column + columns <= source.width;
    for (int channel = 0; channel < padded; channel += kDepthChunk) {
      const int channels = minOf(kDepthChunk, padded - channel);
      const float* x = source.first + (static_cast<long>(row) * source.width + column) * padded + channel;
      long rowStride = static_cast<long>(source.width) * padded, pixelStride = padded;
      if (!isReadable || !isInside) {
        const ChannelRange range = {channel, minOf(channel + kDepthChunk, source.channels)};
        stageRectangle(source, range, {row, column, side, columns}, staging, kDepthChunk);
        x = staging;
        rowStride = static_cast<long>(columns) * kDepthChunk;
        pixelStride = kDepthChunk;
      }
      float* to = v + channel / kDepthChunk * chunkStride(count) + static_cast<long>(tile) * kDepthChunk;
      for (int i = 0; i < tiles; i++, x += kTileOut * pixelStride, to += kDepthChunk) {
        transformTile<Transform>(x, rowStride, pixelStride, channels, to, frequencyStride);
      }
    }
    tile += tiles;
  }
}

}  // namespace singan::SINGAN_ISA
