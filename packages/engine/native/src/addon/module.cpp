// The functions JavaScript sees.
#include <node_api.h>

#include "array-functions.h"
#include "../ops/profile.h"
#include "conv-functions.h"
#include "net-functions.h"

namespace singan {

napi_value jsThreads(Arguments& arguments) { return arguments.numberResult(arguments.machine().threads.threads()); }

napi_value jsTensorCount(Arguments& arguments) { return arguments.numberResult(arguments.session().tensorCount()); }

napi_value jsStart(Arguments& arguments) {
  const std::string isa = arguments.text("isa");
  const int threads = arguments.integer("threads", 0, 1024);
  arguments.session().start(isa, threads);
  return nullptr;
}

napi_value jsIsa(Arguments& arguments) { return arguments.textResult(arguments.machine().kernels.name); }

napi_value jsStartProfile(Arguments& arguments) {
  Machine& machine = arguments.machine();
  takeProfile();
  machine.kernels = profiledKernels(machine.kernels);
  return nullptr;
}

napi_value jsTakeProfile(Arguments& arguments) { return arguments.textResult(takeProfile()); }

namespace {

struct Export {
  const char* name;
  napi_callback callback;
};

constexpr Export kExports[] = {
    {"start", call<jsStart>},
    {"isa", call<jsIsa>},
    {"threads", call<jsThreads>},
    {"startProfile", call<jsStartProfile>},
    {"takeProfile", call<jsTakeProfile>},
    {"tensorCount", call<jsTensorCount>},
    {"write", call<jsWrite>},
    {"size", call<jsSize>},
    {"read", call<jsRead>},
    {"release", call<jsRelease>},
    {"fill", call<jsFill>},
    {"assemble", call<jsAssemble>},
    {"binary", call<jsBinary>},
    {"unary", call<jsUnary>},
    {"sum", call<jsSum>},
    {"noise", call<jsNoise>},
    {"resize", call<jsResize>},
    {"gradientPenalty", call<jsGradientPenalty>},
    {"gradientPenaltyGrad", call<jsGradientPenaltyGrad>},
    {"adamUpdate", call<jsAdamUpdate>},
    {"conv", call<jsConv>},
    {"convInputGrad", call<jsConvInputGrad>},
    {"convFilterGrad", call<jsConvFilterGrad>},
    {"convActivation", call<jsConvActivation>},
    {"convActivationGrad", call<jsConvActivationGrad>},
    {"convActivationGradGrad", call<jsConvActivationGradGrad>},
    {"convBlock", call<jsConvBlock>},
    {"convBlockGrad", call<jsConvBlockGrad>},
    {"convBlockGradGrad", call<jsConvBlockGradGrad>},
    {"netForward", call<jsNetForward>},
    {"netGrad", call<jsNetGrad>},
    {"netGradGrad", call<jsNetGradGrad>},
    {"netFilterGrads", call<jsNetFilterGrads>},
    {"discriminatorGradients", call<jsDiscriminatorGradients>},
    {"generatorGradients", call<jsGeneratorGradients>},
};

}  // namespace
}  // namespace singan

NAPI_MODULE_INIT() {
  napi_set_instance_data(
      env, new singan::Session, [](napi_env, void* data, void*) { delete static_cast<singan::Session*>(data); }, nullptr);
  for (const singan::Export& function : singan::kExports) {
    napi_value value;
    napi_create_function(env, function.name, NAPI_AUTO_LENGTH, function.callback, nullptr, &value);
    napi_set_named_property(env, exports, function.name, value);
  }
  return exports;
}
