#include "../platform/parallel.h"
#include "conv.h"

#include "narrow-image.h"

namespace singan::SINGAN_ISA {

ConvMethod convMethod(int in, int out) {
  if (out <= kMaxNarrow) return ConvMethod::kNarrowOut;
  return in <= kMaxNarrow ? ConvMethod::kNarrowIn : ConvMethod::kWinograd;
}

long preparedWeightFloats(int in, int out, ConvTiling tiling) {
  switch (convMethod(in, out)) {
    case ConvMethod::kWinograd: return winogradPreparedFloats(in, out, tiling);
    case ConvMethod::kNarrowIn: return narrowInPreparedFloats(in, out);
    case ConvMethod::kNarrowOut: return narrowOutPreparedFloats(in, out);
  }
  return 0;
}

void prepareWeights(ThreadPool& pool, const float* weights, int in, int out, ConvTiling tiling, float* prepared) {
  switch (convMethod(in, out)) {
    case ConvMethod::kWinograd: return winogradPrepare(pool, weights, in, out, tiling, prepared);
    case ConvMethod::kNarrowIn: return narrowInPrepare(weights, in, out, prepared);
    case ConvMethod::kNarrowOut: return narrowOutPrepare(weights, in, out, prepared);
  }
}

void turnWeights(const float* weights, int in, int out, float* turned) {
  for (int tap = 0; tap < 9; tap++) {
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        turned[(static_cast<long>(8 - tap) * out + o) * in + i] = weights[(static_cast<long>(tap) * in + i) * out + o];
      }
    }
  }
}

void convolve(ThreadPool& pool, const Source& source, const float* prepared, int out, int pad, const Epilogue& epilogue,
              float* result) {
  switch (convMethod(source.channels, out)) {
    case ConvMethod::kWinograd: return winogradConvolve(pool, source, prepared, out, pad, epilogue, result);
    case ConvMethod::kNarrowIn: return narrowInConvolve(pool, source, prepared, out, pad, epilogue, result);
    case ConvMethod::kNarrowOut: return narrowOutConvolve(pool, source, prepared, out, pad, epilogue, result);
  }
}

void weightGradient(ThreadPool& pool, const GradientPair* pairs, int pairCount, float* gradient) {
  const int in = pairs[0].x->channels, out = pairs[0].dy->channels;
  if (convMethod(in, out) == ConvMethod::kWinograd) return winogradWeightGradient(pool, pairs, pairCount, gradient);
  for (int pair = 0; pair < pairCount; pair++) narrowWeightGradient(pool, pairs[pair], pair > 0, gradient);
}

}  // namespace singan::SINGAN_ISA
