#pragma once
// Reads parts of a Source: values that are a function of what is in memory are computed while they are copied to a small
// buffer, which stays in the first-level cache. That saves a pass over the image in memory for each of them.
#include <array>
#include <utility>

#include "large-image.h"
#include "vector.h"

namespace singan::SINGAN_ISA {

SINGAN_INLINE Vec leakyRelu(Vec z, Vec slope) { return z > Vec{} ? z : z * slope; }

// One vector of channels of a source, with its constants in registers.
template <SourceKind kind>
struct ChannelSource {
  const Source& source;
  Vec scale{}, shift{}, a{}, b{}, d{}, e{}, f{}, slope;

  SINGAN_INLINE ChannelSource(const Source& s, int channel) : source(s), slope(broadcast(s.slope)) {
    if constexpr (kind == SourceKind::kPlain || kind == SourceKind::kMaskedGradient) return;
    scale = load(s.scale + channel);
    shift = load(s.shift + channel);
    if constexpr (kind == SourceKind::kActivated) return;
    a = load(s.a + channel);
    b = load(s.b + channel);
    d = load(s.d + channel);
    if constexpr (kind == SourceKind::kSecondGradient || kind == SourceKind::kSumOfGradients) e = load(s.e + channel);
    if constexpr (kind == SourceKind::kSumOfGradients) f = load(s.f + channel);
  }

  SINGAN_INLINE Vec at(long offset) const {
    const Vec first = load(source.first + offset);
    if constexpr (kind == SourceKind::kPlain) return first;
    if constexpr (kind == SourceKind::kActivated) return leakyRelu(scale * first + shift, slope);
    if constexpr (kind == SourceKind::kMaskedGradient) {
      return load(source.c + offset) > Vec{} ? first : first * slope;
    }
    if constexpr (kind == SourceKind::kNormGradient) {
      const Vec c = load(source.c + offset);
      return a * (scale * c + shift > Vec{} ? first : first * slope) + (b * c + d);
    }
    if constexpr (kind == SourceKind::kMaskedProjection) {
      const Vec c = load(source.c + offset), value = a * first + (b * c + d);
      return scale * c + shift > Vec{} ? value : value * slope;
    }
    if constexpr (kind == SourceKind::kSecondGradient) {
      const Vec c = load(source.c + offset), third = load(source.third + offset);
      return a * first + e * (scale * c + shift > Vec{} ? third : third * slope) + (b * c + d);
    }
    if constexpr (kind == SourceKind::kSumOfGradients) {
      const Vec c = load(source.c + offset);
      const Vec both = e * load(source.third + offset) + f * load(source.fourth + offset);
      return a * first + (scale * c + shift > Vec{} ? both : both * slope) + (b * c + d);
    }
  }
};

template <SourceKind kind, int... indices>
SINGAN_INLINE std::array<ChannelSource<kind>, sizeof...(indices)> channelSources(const Source& source, int channel,
                                                                                std::integer_sequence<int, indices...>) {
  return {ChannelSource<kind>(source, channel + indices * kLanes)...};
}

// Where staged values go: channel k of pixel i to data[k / 32 * chunkStride + i * pixelStride + k % 32].
struct StagingArea {
  float* data;
  long pixelStride;
  long chunkStride = kChannelPadding;  // channels of a pixel lie together

  SINGAN_INLINE float* at(long pixel, int channel) const {
    return data + channel / kChannelPadding * chunkStride + pixel * pixelStride + channel % kChannelPadding;
  }
  SINGAN_INLINE StagingArea from(long pixel) const { return {data + pixel * pixelStride, pixelStride, chunkStride}; }
};

// Whole chunks of channels, pixel by pixel: a chunk is two cache lines, and lines that follow each other come faster than every fourth.
template <SourceKind kind>
SINGAN_INLINE void stageChunk(const Source& source, int channel, long pixel, int count, float* out, long pixelStride) {
  constexpr int vectors = kChannelPadding / kLanes;
  const auto values = channelSources<kind>(source, channel, std::make_integer_sequence<int, vectors>());
  long offset = pixel * source.channels + channel;
  for (int i = 0; i < count; i++, offset += source.channels, out += pixelStride) {
    SINGAN_UNROLL for (int v = 0; v < vectors; v++) store(out + v * kLanes, values[v].at(offset + v * kLanes));
  }
}

struct ChannelRange {
  int begin, end;
};

template <SourceKind kind>
SINGAN_NOINLINE void stageRun(const Source& source, const ChannelRange& range, long pixel, int count,
                              const StagingArea& area) {
  const int channels = source.channels;
  int channel = range.begin;
  for (; channel + kChannelPadding <= range.end; channel += kChannelPadding) {
    stageChunk<kind>(source, channel, pixel, count, area.at(0, channel), area.pixelStride);
  }
  for (; channel < range.end; channel += kLanes) {
    const ChannelSource<kind> values(source, channel);
    const int valid = channels - channel;
    long offset = pixel * channels + channel;
    float* out = area.at(0, channel);
    if (valid >= kLanes) {
      for (int i = 0; i < count; i++, offset += channels, out += area.pixelStride) store(out, values.at(offset));
    } else {
      for (int i = 0; i < count; i++, offset += channels, out += area.pixelStride) {
        store(out, firstLanes(values.at(offset), valid));
      }
    }
  }
}

// `count` pixels from `pixel` on, channels padded with zeros to a whole vector; a range begins at a whole chunk.
SINGAN_INLINE void stagePixels(const Source& source, const ChannelRange& range, long pixel, int count,
                               const StagingArea& area) {
  switch (source.kind) {
    case SourceKind::kPlain: return stageRun<SourceKind::kPlain>(source, range, pixel, count, area);
    case SourceKind::kActivated: return stageRun<SourceKind::kActivated>(source, range, pixel, count, area);
    case SourceKind::kNormGradient: return stageRun<SourceKind::kNormGradient>(source, range, pixel, count, area);
    case SourceKind::kMaskedProjection: return stageRun<SourceKind::kMaskedProjection>(source, range, pixel, count, area);
    case SourceKind::kSecondGradient: return stageRun<SourceKind::kSecondGradient>(source, range, pixel, count, area);
    case SourceKind::kSumOfGradients: return stageRun<SourceKind::kSumOfGradients>(source, range, pixel, count, area);
    case SourceKind::kMaskedGradient: return stageRun<SourceKind::kMaskedGradient>(source, range, pixel, count, area);
  }
}

SINGAN_INLINE void stagePixels(const Source& source, long pixel, int count, const StagingArea& area) {
  stagePixels(source, {0, source.channels}, pixel, count, area);
}

SINGAN_INLINE void clearFloats(float* out, long count) {
  if (count > 0) memset(out, 0, static_cast<size_t>(count) * sizeof(float));
}

// What will be staged soon, where the image is large; past its end nothing happens.
SINGAN_INLINE void prefetchPixels(const Source& source, const ChannelRange& range, long pixel, int count) {
  if (!isLarge(source)) return;
  for (const float* image : {source.first, source.c, source.third, source.fourth}) {
    if (!image) continue;
    for (long i = pixel; i < pixel + count; i++) {
      const float* values = image + i * source.channels;
      for (int k = range.begin; k < range.end; k += kLineFloats) __builtin_prefetch(values + k, 0, 2);
    }
  }
}

struct Rectangle {
  int row, column, rows, columns;
};

// Some channels of a rectangle, zero where it lies outside of the image, as [rows][columns][stride]. Only whole vectors of the channels
// are written.
SINGAN_NOINLINE inline void stageRectangle(const Source& source, const ChannelRange& range, const Rectangle& at,
                                           float* out, int stride) {
  const int left = minOf(at.columns, maxOf(0, -at.column));
  const int right = maxOf(left, minOf(at.columns, source.width - at.column));
  const long rowStride = static_cast<long>(at.columns) * stride;
  const auto pixelOf = [&](int row) { return static_cast<long>(row) * source.width + at.column + left; };
  for (int r = at.row; r < at.row + at.rows; r++, out += rowStride) {
    if (r < 0 || r >= source.height || left == right) {
      clearFloats(out, rowStride);
      continue;
    }
    // A row is asked for while the one before it is staged: the hardware does not see that it comes next.
    if (r + 1 < minOf(at.row + at.rows, source.height)) prefetchPixels(source, range, pixelOf(r + 1), right - left);
    clearFloats(out, static_cast<long>(left) * stride);
    // Chunk stride 0: the range begins at the start of a pixel.
    stagePixels(source, range, pixelOf(r), right - left, {out + static_cast<long>(left) * stride, stride, 0});
    clearFloats(out + static_cast<long>(right) * stride, static_cast<long>(at.columns - right) * stride);
  }
}

}  // namespace singan::SINGAN_ISA
