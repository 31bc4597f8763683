#pragma once
// Reads parts of a Source: values that are a function of what is in memory are computed while they are copied to a small
// buffer, which stays in the first-level cache. That saves a pass over the image in memory for each of them.
#include "conv-types.h"
#include "vector.h"

namespace singan::SINGAN_ISA {

SINGAN_INLINE Vec leakyRelu(Vec z, Vec slope) { return z > Vec{} ? z : z * slope; }

// One vector of channels of a source, with its constants in registers.
template <SourceKind kind>
struct ChannelSource {
  const Source& source;
  Vec scale{}, shift{}, a{}, b{}, d{}, e{}, slope;

  SINGAN_INLINE ChannelSource(const Source& s, int channel) : source(s), slope(broadcast(s.slope)) {
    if constexpr (kind == SourceKind::kPlain || kind == SourceKind::kMaskedGradient) return;
    scale = load(s.scale + channel);
    shift = load(s.shift + channel);
    if constexpr (kind == SourceKind::kActivated) return;
    a = load(s.a + channel);
    b = load(s.b + channel);
    d = load(s.d + channel);
    if constexpr (kind == SourceKind::kSecondGradient) e = load(s.e + channel);
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
  }
};

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

template <SourceKind kind>
SINGAN_NOINLINE void stageRun(const Source& source, long pixel, int count, const StagingArea& area) {
  const int channels = source.channels;
  for (int channel = 0; channel < channels; channel += kLanes) {
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
    case SourceKind::kMaskedGradient: return stageRun<SourceKind::kMaskedGradient>(source, pixel, count, area);
  }
}

SINGAN_INLINE void clearFloats(float* out, long count) {
  if (count > 0) memset(out, 0, static_cast<size_t>(count) * sizeof(float));
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
    clearFloats(out, static_cast<long>(left) * stride);
    stagePixels(source, static_cast<long>(r) * source.width + column + left, right - left,
                {out + static_cast<long>(left) * stride, stride});
    clearFloats(out + static_cast<long>(right) * stride, static_cast<long>(columns - right) * stride);
  }
}

}  // namespace singan::SINGAN_ISA
