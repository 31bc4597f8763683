#pragma once
// Software prefetch to the second-level cache, a few lines before every register product: the hardware prefetchers do
// not follow the order of the tiles (measured: 10 to 20 % on large images).
#include "../platform/parallel.h"
#include "vector.h"
#include "winograd-layout.h"

namespace singan::SINGAN_ISA {

class Prefetcher {
 public:
  // The part of an image [height][width][channels] below the tiles of results, and `border` pixels more on the far sides, shifted by
  // -pad. For writing: fetched in the state that lets a core write at once.
  template <class Tile>
  SINGAN_INLINE void addTiles(const float* image, int height, int width, int channels, const TileGrid<Tile>& grid,
                              const Range& tiles, int border, int pad, bool isForWriting = false) {
    for (long tile = tiles.begin; tile < tiles.end;) {
      const int row = grid.row(tile) - pad, column = grid.column(tile) - pad;
      const long run = grid.leftInRow(tile, tiles.end);
      const int begin = maxOf(0, column);
      const int end = minOf(width, column + static_cast<int>(run) * Tile::kColumns + border);
      const int lastRow = minOf(height, row + Tile::kRows + border);
      for (int r = maxOf(0, row); r < lastRow && begin < end && segments_ < kMaxSegments; r++) {
        const long lines = (static_cast<long>(end - begin) * channels + 15) / 16;
        list_[segments_++] = {
            reinterpret_cast<const char*>(image + (static_cast<long>(r) * width + begin) * channels), lines, isForWriting};
        total_ += lines;
      }
      tile += run;
    }
  }

  // To be fetched in `steps` equal parts.
  SINGAN_INLINE void start(long steps) { perStep_ = (total_ + steps - 1) / steps; }

  SINGAN_INLINE void step() {
    for (long left = perStep_; left > 0 && current_ < segments_;) {
      Segment& segment = list_[current_];
      const long lines = minOf(left, segment.lines);
      for (long line = 0; line < lines; line++) {
        if (segment.isForWriting) __builtin_prefetch(segment.address + 64 * line, 1, 2);
        else __builtin_prefetch(segment.address + 64 * line, 0, 2);
      }
      segment.address += 64 * lines;
      segment.lines -= lines;
      left -= lines;
      if (segment.lines == 0) current_++;
    }
  }

 private:
  static constexpr int kMaxSegments = 96;  // more are not fetched: a matter of speed only
  struct Segment {
    const char* address;
    long lines;
    bool isForWriting;
  };
  Segment list_[kMaxSegments];
  int segments_ = 0, current_ = 0;
  long total_ = 0, perStep_ = 0;
};

}  // namespace singan::SINGAN_ISA
