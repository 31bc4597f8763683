#pragma once
// The way of a block of tiles into the transformed domain.
#include "image-source.h"
#include "winograd-layout.h"

namespace singan::SINGAN_ISA {

// Values at the points of F(outputs, 3): of a line of inputs, of a line of gradients.
template <int outputs>
struct InputLine {
  static constexpr int kLength = valuesOf(outputs), kOutputs = outputs;
  template <class Values>
  static SINGAN_INLINE void transform(int group, Values values, Vec& plus, Vec& minus) {
    Winograd<outputs>::input(group, values, plus, minus);
  }
};

template <int outputs>
struct GradientLine {
  static constexpr int kLength = outputs, kOutputs = outputs;
  template <class Values>
  static SINGAN_INLINE void transform(int group, Values values, Vec& plus, Vec& minus) {
    Winograd<outputs>::gradient(group, values, plus, minus);
  }
};

// What a tile of the grid is transformed from: pixels that overlap those of its neighbours by two, or its own gradients.
template <class TileOfGrid>
struct Inputs {
  using Tile = TileOfGrid;
  using Down = InputLine<Tile::kRows>;
  using Across = InputLine<Tile::kColumns>;
};

template <class TileOfGrid>
struct Gradients {
  using Tile = TileOfGrid;
  using Down = GradientLine<Tile::kRows>;
  using Across = GradientLine<Tile::kColumns>;
};

template <class Across>
SINGAN_INLINE void transformLine(const Vec* line, float* v, long frequencyStride) {
  constexpr int groups = groupsOf(Across::kOutputs);
  SINGAN_UNROLL for (int group = 0; group < groups; group++) {
    Vec plus, minus;
    Across::transform(group, [&](int column) { return line[column]; }, plus, minus);
    store(v + firstOfGroup(group) * frequencyStride, plus);
    if (isPair(Across::kOutputs, group)) store(v + (firstOfGroup(group) + 1) * frequencyStride, minus);
  }
}

// Two-dimensional transform of one vector of channels, in groups of rows so that nothing has to be spilled: all columns for one or two
// rows of results, then those rows, straight to memory.
template <class Down, class Across>
SINGAN_INLINE void transformSquare(const float* x, long rowStride, long pixelStride, float* v, long frequencyStride) {
  constexpr int groups = groupsOf(Down::kOutputs), columns = Across::kLength;
  const long rowOfValues = valuesOf(Across::kOutputs) * frequencyStride;
  SINGAN_UNROLL for (int group = 0; group < groups; group++) {
    Vec plus[columns], minus[columns];
    SINGAN_UNROLL for (int column = 0; column < columns; column++) {
      const auto at = [&](int row) { return load(x + row * rowStride + column * pixelStride); };
      Down::transform(group, at, plus[column], minus[column]);
    }
    float* o = v + firstOfGroup(group) * rowOfValues;
    transformLine<Across>(plus, o, frequencyStride);
    if (isPair(Down::kOutputs, group)) transformLine<Across>(minus, o + rowOfValues, frequencyStride);
  }
}

// Neighbouring tiles of a row that are staged together: they share columns, and a longer run costs less per value. A chunk of their
// channels is about as large as a first-level cache: 26 KB of 4x4, 35 KB of 6x4.
constexpr int kStagedTiles = 8;
template <class Tile>
constexpr long stagingFloats() {
  return static_cast<long>(Tile::kInRows) * (kStagedTiles * Tile::kColumns + 2) * kDepthChunk;
}

template <class From>
SINGAN_NOINLINE void transformTile(const float* x, long rowStride, long pixelStride, int channels, float* v,
                                   long frequencyStride) {
  SINGAN_NO_UNROLL for (int channel = 0; channel < channels; channel += kLanes) {
    transformSquare<typename From::Down, typename From::Across>(x + channel, rowStride, pixelStride, v + channel,
                                                                frequencyStride);
  }
}

// Transforms the tiles [first, first + count) of the grid to v; what the tile at (row, column) of the grid is made from starts `pad`
// pixels up and left of there in the source. Tiles that are computed, or reach over an edge, go through `staging`.
template <class From>
SINGAN_INLINE void transformTiles(const Source& source, int pad, const TileGrid<typename From::Tile>& grid, long first,
                                  int count, float* v, float* staging) {
  constexpr int tileColumns = From::Tile::kColumns, rows = From::Down::kLength;
  const int padded = roundUp(source.channels, kLanes);
  const long frequencyStride = tilesStride(count, padded);
  const bool isReadable = source.kind == SourceKind::kPlain && padded == source.channels;
  for (int tile = 0; tile < count;) {
    const int row = grid.row(first + tile) - pad, column = grid.column(first + tile) - pad;
    const int tiles = minOf(kStagedTiles, static_cast<int>(grid.leftInRow(first + tile, first + count)));
    const int columns = (tiles - 1) * tileColumns + From::Across::kLength;
    const bool isInside = row >= 0 && column >= 0 && row + rows <= source.height && column + columns <= source.width;
    for (int channel = 0; channel < padded; channel += kDepthChunk) {
      const int channels = minOf(kDepthChunk, padded - channel);
      const float* x = source.first + (static_cast<long>(row) * source.width + column) * padded + channel;
      long rowStride = static_cast<long>(source.width) * padded, pixelStride = padded;
      if (!isReadable || !isInside) {
        const ChannelRange range = {channel, minOf(channel + kDepthChunk, source.channels)};
        stageRectangle(source, range, {row, column, rows, columns}, staging, kDepthChunk);
        x = staging;
        rowStride = static_cast<long>(columns) * kDepthChunk;
        pixelStride = kDepthChunk;
      }
      float* to = v + channel / kDepthChunk * chunkStride(count) + static_cast<long>(tile) * kDepthChunk;
      for (int i = 0; i < tiles; i++, x += tileColumns * pixelStride, to += kDepthChunk) {
        transformTile<From>(x, rowStride, pixelStride, channels, to, frequencyStride);
      }
    }
    tile += tiles;
  }
}

}  // namespace singan::SINGAN_ISA
