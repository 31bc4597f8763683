#pragma once
// Where the transformed values of the Winograd convolutions lie.
//
//   V, Q   transformed tiles of a block      [frequency][chunk of 32 channels][tile][32]
//   U      transformed weights               [block of output channels][frequency][input channel][kOutBlock]
//   M      products before the way back      [frequency][tile][kOutBlock]
//   S      transformed weight gradient       [frequency][input channel][output channel]
//
// One spare cache line follows each frequency: without it the streams of a transform, a power of two apart, fall on few sets of the
// cache (measured: transforms take twice as long).
#include "register-gemm.h"
#include "winograd-transforms.h"

namespace singan::SINGAN_ISA {

constexpr int kSpare = 16;

// A tile of results, and what it is computed from.
template <int rows, int columns>
struct TileShape {
  static constexpr int kRows = rows, kColumns = columns;
  static constexpr int kInRows = valuesOf(rows), kInColumns = valuesOf(columns);
  static constexpr int kFrequencies = kInRows * kInColumns;
};

using Tile4x4 = TileShape<4, 4>;
using Tile6x4 = TileShape<6, 4>;  // 6 x 6 would save another 11 % of the products, at 2.5 times the rounding error
// Weight gradients lose more digits than convolutions.
using GradientTile = Tile4x4;

struct ConvShape {
  int in, out;              // channels
  int inPadded, outPadded;  // to whole vectors, to whole output blocks
  SINGAN_INLINE ConvShape(int in, int out)
      : in(in), out(out), inPadded(roundUp(in, kLanes)), outPadded(roundUp(out, kOutBlock)) {}
};

SINGAN_INLINE long chunkStride(int tiles) { return static_cast<long>(tiles) * kDepthChunk; }
SINGAN_INLINE long tilesStride(int tiles, int channelsPadded) {
  return chunkStride(tiles) * (roundUp(channelsPadded, kDepthChunk) / kDepthChunk) + kSpare;
}
SINGAN_INLINE long productsStride(int tiles) { return static_cast<long>(tiles) * kOutBlock + kSpare; }
SINGAN_INLINE long weightsStride(const ConvShape& s) { return static_cast<long>(s.inPadded) * kOutBlock + kSpare; }
SINGAN_INLINE long gradientStride(const ConvShape& s) { return static_cast<long>(s.inPadded) * s.outPadded + kSpare; }

template <class Tile>
SINGAN_INLINE long transformedWeightFloats(const ConvShape& s) {
  return weightsStride(s) * Tile::kFrequencies * (s.outPadded / kOutBlock);
}

// Tiles per block. V and M should stay in the second-level cache beside U; a weight gradient wants more, because S is read and
// written once a block. Measured on a core with 1 MB of it, for 32 and for 64 channels.
constexpr int toRegisterRows(int tiles) { return (tiles + kRegisterRows / 2) / kRegisterRows * kRegisterRows; }
SINGAN_INLINE int convTiles(const ConvShape& s) { return s.inPadded <= 32 ? toRegisterRows(28) : toRegisterRows(14); }
SINGAN_INLINE int weightGradientTiles(const ConvShape& s) { return s.inPadded <= 32 ? toRegisterRows(84) : toRegisterRows(56); }

// The tiles of an image of height x width results.
template <class Tile>
struct TileGrid {
  int height, width, columns;
  long count;
  SINGAN_INLINE TileGrid(int height, int width)
      : height(height),
        width(width),
        columns((width + Tile::kColumns - 1) / Tile::kColumns),
        count(static_cast<long>((height + Tile::kRows - 1) / Tile::kRows) * columns) {}
  SINGAN_INLINE int row(long tile) const { return static_cast<int>(tile / columns) * Tile::kRows; }
  SINGAN_INLINE int column(long tile) const { return static_cast<int>(tile % columns) * Tile::kColumns; }
  // Of the tiles [first, end), how many from the first on lie in its row.
  SINGAN_INLINE long leftInRow(long first, long end) const { return minOf(end - first, columns - first % columns); }
};

}  // namespace singan::SINGAN_ISA
