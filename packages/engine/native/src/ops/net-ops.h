#pragma once
// A whole net of @singan/ops (ConvNet): blocks of convolution, normalisation and activation, then a convolution with bias.
// Forward, backward and double backward are single calls, so that JavaScript's share of a step does not grow with the layers.
#include <optional>

#include "conv-ops.h"

namespace singan {

struct Net {
  struct Block {
    TensorPtr weights, gamma, beta;
  };
  std::vector<Block> blocks;
  TensorPtr tailWeights, tailBias;
  float slope, epsilon;
  size_t layers() const { return blocks.size() + 1; }
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
  explicit NetGradient(const NetPassPtr& pass) : pass(pass), layers(pass->layers.size()) {}
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
NetOutput netForward(Machine& machine, const Net& net, const TensorPtr& x, const ImageShape& xShape);

// Sums of gradients by the parameters of a net: weights, gamma and beta of each block, then weights and bias of the last layer.
// What is added is computed at once, while the images it is made of are still in the caches.
class ParameterGradients {
 public:
  ParameterGradients(Machine& machine, size_t layers) : machine_(machine), layers_(layers) {}
  void add(size_t layer, const NetPass::Layer& of, const NetGradient::Layer& gradient);
  std::vector<TensorPtr> take() const;

 private:
  struct Layer {
    DensePtr weights, gamma, beta;
  };
  Machine& machine_;
  std::vector<Layer> layers_;
};

// The last forward pass of a net, for a step that begins with the very same one.
class NetMemo {
 public:
  void keep(const Net& net, const TensorPtr& x, const NetOutput& output);
  void forget() { *this = {}; }
  // The output if it is of the same tensors and numbers; it is given away.
  std::optional<NetOutput> take(const Net& net, const TensorPtr& x);

 private:
  std::vector<TensorPtr> inputs_;
  float slope_ = 0, epsilon_ = 0;
  NetOutput output_;
};

struct NetGrad {
  TensorPtr dx;
  NetGradientPtr gradient;
};
// With `sums` the gradients by the parameters are added there and there is no `gradient`.
NetGrad netGrad(Machine& machine, const TensorPtr& dy, const NetPassPtr& pass, ParameterGradients* sums = nullptr);

// The derivative of netGrad's dx by everything it depends on, u being the cotangent of dx.
struct NetGradGrad {
  TensorPtr dDy, dx;
  NetGradientPtr gradient;
};
NetGradGrad netGradGrad(Machine& machine, const TensorPtr& u, const NetGradientPtr& first,
                        ParameterGradients* sums = nullptr);

// dWeights, dGamma, dBeta of each block, then dWeights and dBias of the last layer.
std::vector<TensorPtr> netFilterGrads(Machine& machine, const NetGradient& gradient);

}  // namespace singan
