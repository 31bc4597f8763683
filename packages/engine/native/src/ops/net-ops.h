#pragma once
// A whole net of @singan/ops (ConvNet): blocks of convolution, normalisation and activation, then a convolution with bias.
// Forward, backward and double backward are single calls, so that JavaScript's share of a step does not grow with the layers.
#include "conv-ops.h"

namespace singan {

struct NetInput {
  TensorPtr x;
  ImageShape xShape;
  struct Block {
    TensorPtr weights, gamma, beta;
  };
  std::vector<Block> blocks;
  TensorPtr tailWeights, tailBias;
  float slope, epsilon;
};

// What the derivatives of one forward pass need.
struct NetPass : Attachment {
  struct Layer {
    TensorPtr x;  // of its convolution
    ImageShape xShape;
    TensorPtr weights;
    BlockPtr block;  // null for the last layer
    ImageShape shape() const { return {xShape.height - 2, xShape.width - 2, channels}; }
    int channels;  // of its result
  };
  std::vector<Layer> layers;
};
using NetPassPtr = std::shared_ptr<const NetPass>;

// A backward pass down to the convolutions; gradients of weights follow from it, see netFilterGrads.
struct NetGradient : Attachment {
  struct Layer {
    TensorPtr dy;  // of the block's result, or of the net's
    TensorPtr dConvolved, dGamma, dBeta;  // null: zero
    // The double backward's second share of the weights' gradient: u [as x] with the first pass's dConvolved.
    TensorPtr u, firstDConvolved;
  };
  NetPassPtr pass;
  std::vector<Layer> layers;
};
using NetGradientPtr = std::shared_ptr<const NetGradient>;

struct NetOutput {
  TensorPtr y, statistics;  // mean and unbiased variance of each block
  NetPassPtr pass;
};
NetOutput netForward(Machine& machine, const NetInput& input);

struct NetGrad {
  TensorPtr dx;
  NetGradientPtr gradient;
};
NetGrad netGrad(Machine& machine, const TensorPtr& dy, const NetPassPtr& pass);

// The derivative of netGrad's dx by everything it depends on, u being the cotangent of dx.
struct NetGradGrad {
  TensorPtr dDy, dx;
  NetGradientPtr gradient;
};
NetGradGrad netGradGrad(Machine& machine, const TensorPtr& u, const NetGradientPtr& first);

// dWeights, dGamma, dBeta of each block, then dWeights and dBias of the last layer.
std::vector<TensorPtr> netFilterGrads(Machine& machine, const NetGradient& gradient);

}  // namespace singan
