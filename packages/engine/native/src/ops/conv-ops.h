#pragma once
// The convolutions and fused blocks of @singan/ops; symbols as there.
#include "tensor.h"

namespace singan {

TensorPtr conv(Machine& machine, const TensorPtr& x, const ImageShape& xShape, const TensorPtr& weights, int out);
TensorPtr convInputGrad(Machine& machine, const TensorPtr& dConvolved, const ImageShape& shape,
                        const TensorPtr& weights, int in);
TensorPtr convFilterGrad(Machine& machine, const TensorPtr& x, const ImageShape& xShape, const TensorPtr& dConvolved,
                         int out);

TensorPtr convActivation(Machine& machine, const TensorPtr& x, const ImageShape& xShape, const TensorPtr& weights,
                         const TensorPtr& bias, float slope);
struct ConvActivationGrad {
  TensorPtr dConvolved, dBias;
};
ConvActivationGrad convActivationGrad(Machine& machine, const TensorPtr& dy, const TensorPtr& y,
                                      const ImageShape& shape, float slope);
// Sums over the pixels.
TensorPtr channelSums(Machine& machine, const TensorPtr& t, const ImageShape& shape);

// m t, with m the mask of y
TensorPtr masked(Machine& machine, const TensorPtr& t, const TensorPtr& y, const ImageShape& shape, float slope);

struct BlockInput {
  TensorPtr x;
  ImageShape xShape;
  TensorPtr weights, gamma, beta;
  float slope, epsilon;
};
struct BlockOutput {
  TensorPtr y, mean, variance;
};
BlockOutput convBlock(Machine& machine, const BlockInput& input);

struct BlockGrad {
  TensorPtr dConvolved, dGamma, dBeta;
};
// The block is that of y, see Tensor::block.
BlockGrad convBlockGrad(Machine& machine, const TensorPtr& dy, const BlockPtr& block);

struct BlockGradGrad {
  TensorPtr dDy, dConvolved, dGamma;
};
BlockGradGrad convBlockGradGrad(Machine& machine, const TensorPtr& r, const TensorPtr& dy, const BlockPtr& block);

// The sum of convBlockGradGrad's dConvolved and convBlockGrad's, of one block: a recipe as well.
TensorPtr sumOfGradients(Machine& machine, const TensorPtr& second, const TensorPtr& first);

}  // namespace singan
