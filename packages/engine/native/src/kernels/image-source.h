#pragma once
// Reads parts of a Source: values that are a function of what is in memory are computed while they are copied to a small
// buffer, which stays in the first-level cache. That saves a pass over the image in memory for each of them.
#include <array>
#include <utility>

#include "conv-types.h"
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

template <SourceKind kind>
SINGAN_NOINLINE void stageRun(const Source& source, long pixel, int count, const StagingArea& area) {
  const int channels = source.channels;
  int channel = 0;
  for (; channel + kChannelPadding <= channels; channel += kChannelPadding) {
    stageChunk<kind>(source, channel, pixel, count, area.at(0, channel), area.pixelStride);
  }
  for (; channel < channels; channel += kLanes) {
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

// `count` pixels from `pixel` on, channels padded with zeros to a whole vector.
SINGAN_INLINE void stagePixels(const Source& source, long pixel, int count, const StagingArea& area) {
  switch (source.kind) {
    case SourceKind::kPlain: return stageRun<SourceKind::kPlain>(source, pixel, count, area);
    case SourceKind::kActivated: return stageRun<SourceKind::kActivated>(source, pixel, count, area);
    case SourceKind::kNormGradient: return stageRun<SourceKind::kNormGradient>(source, pixel, count, area);
    case SourceKind::kMaskedProjection: return stageRun<SourceKind::kMaskedProjection>(source, pixel, count, area);
    case SourceKind::kSecondGradient: return stageRun<SourceKind::kSecondGradient>(source, pixel, count, area);
    case SourceKind::kSumOfGradients: return stageRun<SourceKind::kSumOfGradients>(source, pixel, count, area);
    case SourceKind::kMaskedGradient: return stageRun<SourceKind::kMaskedGradient>(source, pixel, count, area);
  }
}

SINGAN_INLINE void clearFloats(float* out, long count) {
  if (count > 0) memset(out, 0, static_cast<size_t>(count) * sizeof(float));
}

// A row is asked for while the one before it is staged: the hardware does not see that it comes next.
SINGAN_INLINE void prefetchRow(const Source& source, int row, int column, int columns) {
  if (row < 0 || row >= source.height) return;
  const long begin = (static_cast<long>(row) * source.width + column) * source.channels;
  const long floats = static_cast<long>(columns) * source.channels;
  for (const float* image : {source.first, source.c, source.third, source.fourth}) {
    if (!image) continue;
    for (long i = 0; i < floats; i += 16) __builtin_prefetch(image + begin + i, 0, 2);
  }
}

// The rectangle with its upper left corner at (row, column), zero where it lies outside of the image, as
// [rows][columns][stride]. Only whole vectors of the channels are written.
SINGAN_NOINLINE inline void stageRectangle(const Source& source, int row, int column, int rows, int columns, float* out,
                                           int stride) {
  const int left = minOf(columns, maxOf(0, -column));
  const int right = maxOf(left, minOf(columns, source.width - column));
  for (int r = row; r < row + rows; r++, out += static_cast<long>(columns) * stride) {
    if (r < 0 || r >= source.height || left == right) {
      clearFloats(out, static_cast<long>(columns) * stride);
      continue;
    }
    if (r + 1 < row + rows) prefetchRow(source, r + 1, column + left, right - left);
    clearFloats(out, static_cast<long>(left) * stride);
    stagePixels(source, static_cast<long>(r) * source.width + column + left, right - left,
                {out + static_cast<long>(left) * stride, stride});
    clearFloats(out + static_cast<long>(right) * stride, static_cast<long>(columns - right) * stride);
  }
}

}  // namespace singan::SINGAN_ISA
