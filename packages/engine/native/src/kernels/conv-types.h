#pragma once
#include "../platform/inline.h"
// What a convolution reads, and what it does with each result before storing it. Shared by all instruction sets.

namespace singan {

// How the values of an image [height][width][channels] come from what is in memory. Per channel k, with
// act(z) = z > 0 ? z : slope z,  m(z) = z > 0 ? 1 : slope,  and z = scale[k] c + shift[k]:
enum class SourceKind {
  kPlain,            // first
  kActivated,        // act(scale[k] first + shift[k]): a normalised and activated convolution c = first
  kNormGradient,     // a[k] m(z) first + b[k] c + d[k]: backward of that, first = dy
  kMaskedProjection, // m(z) (a[k] first + b[k] c + d[k]): backward of kNormGradient towards dy, first = r
  kSecondGradient,   // a[k] first + e[k] m(z) third + b[k] c + d[k]: the same towards c, first = r, third = dy
  kSumOfGradients,   // a[k] first + m(z) (e[k] third + f[k] fourth) + b[k] c + d[k]: kSecondGradient and kNormGradient of fourth = dy
  kMaskedGradient,   // m(c) first: backward of an activation without normalisation, c = its result
};

struct Source {
  SourceKind kind;
  int height, width, channels;
  const float* first;
  const float* c;
  const float* third;
  const float* fourth;
  // Per channel, padded with zeros to kChannelPadding.
  const float *scale, *shift;
  const float *a, *b, *d, *e, *f;
  float slope;
};

// What happens to a result o of channel k at one pixel; sums go over all pixels.
enum class EpilogueKind {
  kStore,           // y = o
  kMoments,         // y = o;  sums: o, o^2
  kBiasActivation,  // y = act(o + shift[k])
  kFirstOrder,      // y = o;  dz = m(z) o:  sums: dz, dz n
  kSecondOrder,     // y = o;  dz = m(z) dy:  sums: o, o n, o dz
};
// c is the convolution's result of the block in question at the same pixel, n = inverse[k] c - centre[k] its normalised
// value, and dz = m(z) dy as above.

// Results that a Winograd convolution computes together.
enum class ConvTiling {
  k4x4,  // 36 products for 16 results
  k6x4,  // 48 products for 24, a ninth fewer, at two to three times the rounding error
};

// Results that go on as they are keep the smaller error: it adds up from layer to layer, and samples are made of them. Normalisation
// brings each layer back to scale, and gradients only take part in sums over many pixels.
SINGAN_INLINE constexpr ConvTiling tilingOf(EpilogueKind kind) {
  return kind == EpilogueKind::kBiasActivation ? ConvTiling::k4x4 : ConvTiling::k6x4;
}

constexpr int kMaxSums = 3;
constexpr int kChannelPadding = 32;

struct Epilogue {
  EpilogueKind kind;
  const float* c;
  const float* dy;
  const float *scale, *shift, *inverse, *centre;  // padded to kChannelPadding
  float slope;
  double* sums;  // [kMaxSums][channels rounded up to kChannelPadding], written, not added to
};

SINGAN_INLINE int paddedChannels(int channels) { return (channels + kChannelPadding - 1) / kChannelPadding * kChannelPadding; }

// x [height][width][in] and the gradient dy [height - 2][width - 2][out] of its valid convolution.
struct GradientPair {
  const Source* x;
  const Source* dy;
};

}  // namespace singan
