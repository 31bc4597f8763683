#pragma once
// What is done with the results of a convolution while they are still in registers: see conv-types.h.
#include "conv-types.h"
#include "image-source.h"
#include "streaming.h"

namespace singan::SINGAN_ISA {

constexpr int sumCount(EpilogueKind kind) {
  switch (kind) {
    case EpilogueKind::kMoments: return 2;
    case EpilogueKind::kFirstOrder: return 2;
    case EpilogueKind::kSecondOrder: return 3;
    default: return 0;
  }
}

// The constants and sums of one vector of channels.
template <EpilogueKind kind>
struct ChannelEpilogue {
  const Epilogue& epilogue;
  Vec scale{}, shift{}, inverse{}, centre{}, slope;
  Vec sums[kMaxSums] = {};

  SINGAN_INLINE ChannelEpilogue(const Epilogue& e, int channel) : epilogue(e), slope(broadcast(e.slope)) {
    if constexpr (kind == EpilogueKind::kBiasActivation) shift = load(e.shift + channel);
    if constexpr (kind == EpilogueKind::kFirstOrder || kind == EpilogueKind::kSecondOrder) {
      scale = load(e.scale + channel);
      shift = load(e.shift + channel);
      inverse = load(e.inverse + channel);
      centre = load(e.centre + channel);
    }
  }

  // o is the result at `offset` floats into the image; returns what is to be stored there.
  SINGAN_INLINE Vec operator()(Vec o, long offset) {
    if constexpr (kind == EpilogueKind::kBiasActivation) return leakyRelu(o + shift, slope);
    if constexpr (kind == EpilogueKind::kMoments) {
      sums[0] += o;
      sums[1] += o * o;
    }
    if constexpr (kind == EpilogueKind::kFirstOrder) {
      const Vec c = load(epilogue.c + offset);
      const Vec dz = scale * c + shift > Vec{} ? o : o * slope;
      sums[0] += dz;
      sums[1] += dz * (inverse * c - centre);
    }
    if constexpr (kind == EpilogueKind::kSecondOrder) {
      const Vec c = load(epilogue.c + offset), dy = load(epilogue.dy + offset);
      const Vec dz = scale * c + shift > Vec{} ? dy : dy * slope;
      sums[0] += o;
      sums[1] += o * (inverse * c - centre);
      sums[2] += o * dz;
    }
    return o;
  }

  // partial: [kMaxSums][channels padded]
  SINGAN_INLINE void addTo(float* partial, int channel, int stride) const {
    for (int i = 0; i < sumCount(kind); i++) {
      float* p = partial + static_cast<long>(i) * stride + channel;
      store(p, load(p) + sums[i]);
    }
  }
};

// `count` pixels of results, `stride` floats apart, from a buffer through the epilogue to channels [channel, channel + span) of the image
// [..][channels], from `pixel` on.
struct FinishedPixels {
  const float* values;
  long stride;
  long pixel;
  int count;
  int channel, span, channels;
  bool isStreamed = false;
};

// Without a result only the sums are made.
template <EpilogueKind kind>
SINGAN_NOINLINE void finishPixels(const FinishedPixels& pixels, const Epilogue& epilogue, float* result, float* partial) {
  for (int lane = 0; lane < pixels.span; lane += kLanes) {
    const int k = pixels.channel + lane, valid = minOf(kLanes, pixels.channels - k);
    if (valid <= 0) return;
    ChannelEpilogue<kind> finish(epilogue, k);
    const float* value = pixels.values + lane;
    long offset = pixels.pixel * pixels.channels + k;
    for (int i = 0; i < pixels.count; i++, value += pixels.stride, offset += pixels.channels) {
      const Vec o = finish(load(value), offset);
      if (!result) continue;
      if (pixels.isStreamed) stream(result + offset, o);
      else if (valid == kLanes) store(result + offset, o);
      else storePartial(result + offset, o, valid);
    }
    if (sumCount(kind) > 0) finish.addTo(partial, k, paddedChannels(pixels.channels));
  }
}

// The same for a kind that is known only at run time.
inline void finishPixels(const FinishedPixels& pixels, const Epilogue& epilogue, float* result, float* partial) {
  switch (epilogue.kind) {
    case EpilogueKind::kStore: return finishPixels<EpilogueKind::kStore>(pixels, epilogue, result, partial);
    case EpilogueKind::kMoments: return finishPixels<EpilogueKind::kMoments>(pixels, epilogue, result, partial);
    case EpilogueKind::kBiasActivation:
      return finishPixels<EpilogueKind::kBiasActivation>(pixels, epilogue, result, partial);
    case EpilogueKind::kFirstOrder: return finishPixels<EpilogueKind::kFirstOrder>(pixels, epilogue, result, partial);
    case EpilogueKind::kSecondOrder: return finishPixels<EpilogueKind::kSecondOrder>(pixels, epilogue, result, partial);
  }
}

// Sums of all chunks, [chunks][kMaxSums][padded channels] floats, added in the order of the chunks in double precision: the result
// does not depend on which thread made which.
inline void addPartials(const float* partials, long chunks, int count, int padded, double* sums) {
  for (int i = 0; i < count * padded; i++) {
    double sum = 0;
    for (long chunk = 0; chunk < chunks; chunk++) sum += partials[chunk * kMaxSums * padded + i];
    sums[i] = sum;
  }
}

}  // namespace singan::SINGAN_ISA
