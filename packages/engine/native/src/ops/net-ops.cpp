#include "net-ops.h"

#include <cstring>
#include <utility>

namespace singan {
namespace {

TensorPtr zeros(Machine& machine, int size) {
  DensePtr values = makeDense(machine, size);
  std::memset(values->data(), 0, values->size() * sizeof(float));
  return std::make_shared<Tensor>(machine, std::move(values));
}

DensePtr sumOf(Machine& machine, const DensePtr& a, const DensePtr& b) {
  DensePtr sum = makeDense(machine, a->size());
  for (size_t i = 0; i < a->size(); i++) sum->data()[i] = a->data()[i] + b->data()[i];
  return sum;
}

TensorPtr sumOfRows(Machine& machine, const TensorPtr& a, const TensorPtr& b) {
  return std::make_shared<Tensor>(machine, sumOf(machine, a->dense(), b->dense()));
}

// x [as the weights] with what reaches the convolution, and in a double backward u with what reached it first.
TensorPtr weightsGradient(Machine& machine, const NetPass::Layer& layer, const NetGradient::Layer& from) {
  const auto gradientOf = [&](const TensorPtr& x, const TensorPtr& dConvolved) {
    return convFilterGrad(machine, x, layer.xShape, dConvolved, layer.channels);
  };
  const TensorPtr first = from.dConvolved ? gradientOf(layer.x, from.dConvolved) : nullptr;
  if (!from.u) return first;
  const TensorPtr second = gradientOf(from.u, from.firstDConvolved);
  return first ? Tensor::joined(machine, *first, *second) : second;
}

// Of the block's beta, or the last layer's bias; null: zero.
TensorPtr shiftGradient(Machine& machine, const NetPass::Layer& layer, const NetGradient::Layer& from) {
  if (layer.block || !from.dConvolved) return from.dBeta;
  return channelSums(machine, from.dConvolved, layer.shape());
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

// The tensors that a forward pass depends on.
std::vector<TensorPtr> inputsOf(const Net& net, const TensorPtr& x) {
  std::vector<TensorPtr> inputs = {x, net.tailWeights, net.tailBias};
  for (const auto& [weights, gamma, beta] : net.blocks) inputs.insert(inputs.end(), {weights, gamma, beta});
  return inputs;
}

}  // namespace

void NetMemo::keep(const Net& net, const TensorPtr& x, const NetOutput& output) {
  inputs_ = inputsOf(net, x);
  slope_ = net.slope;
  epsilon_ = net.epsilon;
  output_ = output;
}

std::optional<NetOutput> NetMemo::take(const Net& net, const TensorPtr& x) {
  const std::vector<TensorPtr> known = std::exchange(inputs_, {});
  NetOutput output = std::exchange(output_, {});
  if (known != inputsOf(net, x) || slope_ != net.slope || epsilon_ != net.epsilon) return std::nullopt;
  return output;
}

NetOutput netForward(Machine& machine, const Net& net, const TensorPtr& input, const ImageShape& inputShape) {
  const auto pass = std::make_shared<NetPass>();
  size_t statistics = 0;
  for (const auto& block : net.blocks) statistics += 2 * block.gamma->size();
  const DensePtr packed = makeDense(machine, statistics);
  float* next = packed->data();
  TensorPtr x = input;
  ImageShape shape = inputShape;
  for (const auto& [weights, gamma, beta] : net.blocks) {
    const BlockOutput block = convBlock(machine, {x, shape, weights, gamma, beta, net.slope, net.epsilon});
    const BlockPtr& made = block.y->block();
    pass->layers.push_back({x, shape, weights, made, made->shape.channels});
    putStatistics(block, made->shape, next);
    next += 2 * made->shape.channels;
    x = block.y;
    shape = made->shape;
  }
  const TensorPtr y = convActivation(machine, x, shape, net.tailWeights, net.tailBias, 1);
  pass->layers.push_back({x, shape, net.tailWeights, nullptr, static_cast<int>(net.tailBias->size())});
  return {y, std::make_shared<Tensor>(machine, packed), pass};
}

NetGrad netGrad(Machine& machine, const TensorPtr& dy, const NetPassPtr& pass, ParameterGradients* sums) {
  const auto gradient = sums ? nullptr : std::make_shared<NetGradient>(pass);
  TensorPtr above = dy;
  for (size_t i = pass->layers.size(); i-- > 0;) {
    const NetPass::Layer& layer = pass->layers[i];
    NetGradient::Layer to;
    to.dy = above;
    if (layer.block) {
      const BlockGrad grad = convBlockGrad(machine, above, layer.block);
      to.dConvolved = grad.dConvolved;
      to.dGamma = grad.dGamma;
      to.dBeta = grad.dBeta;
    } else {
      to.dConvolved = above;
    }
    above = convInputGrad(machine, to.dConvolved, layer.shape(), layer.weights, layer.xShape.channels);
    if (sums) sums->add(i, layer, to);
    else gradient->layers[i] = std::move(to);
  }
  return {above, gradient};
}

// Up: u through every layer as the forward pass went. Down: what that leaves at each convolution, and what reaches it from above.
NetGradGrad netGradGrad(Machine& machine, const TensorPtr& u, const NetGradientPtr& first, ParameterGradients* sums) {
  const NetPassPtr& pass = first->pass;
  const auto gradient = std::make_shared<NetGradient>(pass);
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
    NetGradient::Layer& to = gradient->layers[i];
    if (down) {
      const BlockGrad grad = convBlockGrad(machine, down, layer.block);
      to.dConvolved = sumOfGradients(machine, to.dConvolved, grad.dConvolved);
      to.dGamma = sumOfRows(machine, to.dGamma, grad.dGamma);
      to.dBeta = grad.dBeta;
    }
    if (sums) sums->add(i, layer, to);
    if (!layer.block) continue;
    down = convInputGrad(machine, to.dConvolved, layer.shape(), layer.weights, layer.xShape.channels);
  }
  return {up, down, gradient};
}

std::vector<TensorPtr> netFilterGrads(Machine& machine, const NetGradient& gradient) {
  std::vector<TensorPtr> results;
  for (size_t i = 0; i < gradient.layers.size(); i++) {
    const NetPass::Layer& layer = gradient.pass->layers[i];
    const NetGradient::Layer& from = gradient.layers[i];
    results.push_back(weightsGradient(machine, layer, from));
    if (layer.block) results.push_back(from.dGamma);
    const TensorPtr shift = shiftGradient(machine, layer, from);
    results.push_back(shift ? shift : zeros(machine, layer.channels));
  }
  return results;
}

void ParameterGradients::add(size_t layer, const NetPass::Layer& of, const NetGradient::Layer& gradient) {
  const auto addTo = [&](DensePtr& sum, const TensorPtr& summand) {
    if (summand) sum = sum ? sumOf(machine_, sum, summand->dense()) : summand->dense();
  };
  Layer& to = layers_[layer];
  addTo(to.weights, weightsGradient(machine_, of, gradient));
  addTo(to.gamma, gradient.dGamma);
  addTo(to.beta, shiftGradient(machine_, of, gradient));
}

std::vector<TensorPtr> ParameterGradients::take() const {
  std::vector<TensorPtr> results;
  for (const Layer& layer : layers_) {
    for (const DensePtr& values : {layer.weights, layer.gamma, layer.beta}) {
      if (values) results.push_back(std::make_shared<Tensor>(machine_, values));
    }
  }
  return results;
}

}  // namespace singan
