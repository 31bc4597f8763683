#include "net-ops.h"

#include <cstring>

namespace singan {
namespace {

TensorPtr zeros(Machine& machine, int size) {
  DensePtr values = makeDense(machine, size);
  std::memset(values->data(), 0, values->size() * sizeof(float));
  return std::make_shared<Tensor>(machine, std::move(values));
}

TensorPtr sumOfRows(Machine& machine, const TensorPtr& a, const TensorPtr& b) {
  DensePtr sum = makeDense(machine, a->size());
  const float *from = a->dense()->data(), *other = b->dense()->data();
  for (size_t i = 0; i < a->size(); i++) sum->data()[i] = from[i] + other[i];
  return std::make_shared<Tensor>(machine, std::move(sum));
}

// Mean and unbiased variance behind each other.
void putStatistics(const BlockOutput& block, const ImageShape& shape, float* to) {
  const double pixels = static_cast<double>(shape.height) * shape.width;
  const float *mean = block.mean->dense()->data(), *variance = block.variance->dense()->data();
  for (int k = 0; k < shape.channels; k++) {
    to[k] = mean[k];
    to[shape.channels + k] = static_cast<float>(variance[k] * (pixels / (pixels - 1)));
  }
}

}  // namespace

NetOutput netForward(Machine& machine, const NetInput& input) {
  const auto pass = std::make_shared<NetPass>();
  size_t statistics = 0;
  for (const auto& block : input.blocks) statistics += 2 * block.gamma->size();
  const DensePtr packed = makeDense(machine, statistics);
  float* next = packed->data();
  TensorPtr x = input.x;
  ImageShape shape = input.xShape;
  for (const auto& [weights, gamma, beta] : input.blocks) {
    const BlockOutput block = convBlock(machine, {x, shape, weights, gamma, beta, input.slope, input.epsilon});
    const BlockPtr& made = block.y->block();
    pass->layers.push_back({x, shape, weights, made, made->shape.channels});
    putStatistics(block, made->shape, next);
    next += 2 * made->shape.channels;
    x = block.y;
    shape = made->shape;
  }
  const TensorPtr y = convActivation(machine, x, shape, input.tailWeights, input.tailBias, 1);
  pass->layers.push_back({x, shape, input.tailWeights, nullptr, static_cast<int>(input.tailBias->size())});
  return {y, std::make_shared<Tensor>(machine, packed), pass};
}

NetGrad netGrad(Machine& machine, const TensorPtr& dy, const NetPassPtr& pass) {
  const auto gradient = std::make_shared<NetGradient>();
  gradient->pass = pass;
  gradient->layers.resize(pass->layers.size());
  TensorPtr above = dy;
  for (size_t i = pass->layers.size(); i-- > 0;) {
    const NetPass::Layer& layer = pass->layers[i];
    NetGradient::Layer& to = gradient->layers[i];
    to.dy = above;
    if (layer.block) {
      const BlockGrad grad = convBlockGrad(machine, above, layer.block);
      to.dConvolved = grad.dConvolved;
      to.dGamma = grad.dGamma;
      to.dBeta = grad.dBeta;
    } else {
      to.dConvolved = above;
      to.dBeta = channelSums(machine, above, layer.shape());
    }
    above = convInputGrad(machine, to.dConvolved, layer.shape(), layer.weights, layer.xShape.channels);
  }
  return {above, gradient};
}

// Up: u through every layer as the forward pass went. Down: what that leaves at each convolution, and what reaches it from above.
NetGradGrad netGradGrad(Machine& machine, const TensorPtr& u, const NetGradientPtr& first) {
  const NetPassPtr& pass = first->pass;
  const auto gradient = std::make_shared<NetGradient>();
  gradient->pass = pass;
  gradient->layers.resize(pass->layers.size());
  TensorPtr up = u;
  for (size_t i = 0; i < pass->layers.size(); i++) {
    const NetPass::Layer& layer = pass->layers[i];
    NetGradient::Layer& to = gradient->layers[i];
    to.u = up;
    to.firstDConvolved = first->layers[i].dConvolved;
    up = conv(machine, up, layer.xShape, layer.weights, layer.channels);
    if (!layer.block) continue;
    const BlockGradGrad grad = convBlockGradGrad(machine, up, first->layers[i].dy, layer.block);
    to.dConvolved = grad.dConvolved;
    to.dGamma = grad.dGamma;
    up = grad.dDy;
  }
  TensorPtr down;
  for (size_t i = pass->layers.size(); i-- > 0;) {
    const NetPass::Layer& layer = pass->layers[i];
    if (!layer.block) continue;
    NetGradient::Layer& to = gradient->layers[i];
    if (down) {
      const BlockGrad grad = convBlockGrad(machine, down, layer.block);
      to.dConvolved = sumOfGradients(machine, to.dConvolved, grad.dConvolved);
      to.dGamma = sumOfRows(machine, to.dGamma, grad.dGamma);
      to.dBeta = grad.dBeta;
    }
    down = convInputGrad(machine, to.dConvolved, layer.shape(), layer.weights, layer.xShape.channels);
  }
  return {up, down, gradient};
}

std::vector<TensorPtr> netFilterGrads(Machine& machine, const NetGradient& gradient) {
  std::vector<TensorPtr> results;
  for (size_t i = 0; i < gradient.layers.size(); i++) {
    const NetPass::Layer& layer = gradient.pass->layers[i];
    const NetGradient::Layer& from = gradient.layers[i];
    const auto dWeights = [&](const TensorPtr& x, const TensorPtr& dConvolved) {
      return convFilterGrad(machine, x, layer.xShape, dConvolved, layer.channels);
    };
    TensorPtr weights = from.dConvolved ? dWeights(layer.x, from.dConvolved) : nullptr;
    if (from.u) {
      const TensorPtr second = dWeights(from.u, from.firstDConvolved);
      weights = weights ? Tensor::joined(machine, *weights, *second) : second;
    }
    results.push_back(weights);
    if (layer.block) results.push_back(from.dGamma);
    results.push_back(from.dBeta ? from.dBeta : zeros(machine, layer.channels));
  }
  return results;
}

}  // namespace singan
