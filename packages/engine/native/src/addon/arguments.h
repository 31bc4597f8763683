#pragma once
#include <node_api.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "session.h"

namespace singan {

// The arguments of a call from JavaScript, taken one after the other and checked; a wrong one throws
// std::invalid_argument, which becomes a JavaScript error.
class Arguments {
 public:
  static constexpr size_t kMax = 16;

  Arguments(napi_env env, napi_callback_info info);

  Session& session() const { return *session_; }
  Machine& machine() const { return session_->machine(); }

  int integer(const char* name, int64_t least, int64_t most);
  int length(const char* name) { return integer(name, 1, kMaxLength); }
  uint32_t word(const char* name) { return static_cast<uint32_t>(integer64(name, 0, 0xffffffffLL)); }
  double number(const char* name);
  std::string text(const char* name);
  const TensorPtr& tensor(const char* name);

  struct Floats {
    float* data;
    size_t length;
  };
  struct Integers {
    int32_t* data;
    size_t length;
  };
  Floats floats(const char* name);
  Integers integers(const char* name);

  napi_value tensorResult(TensorPtr tensor) const;
  napi_value numberResult(double value) const;
  napi_value textResult(const std::string& value) const;

  static constexpr int kMaxLength = 1 << 24;

 private:
  int64_t integer64(const char* name, int64_t least, int64_t most);
  napi_value next(const char* name);
  void* typedArray(const char* name, napi_typedarray_type type, const char* typeName, size_t& length);

  napi_env env_;
  Session* session_ = nullptr;
  napi_value values_[kMax];
  size_t count_ = kMax;
  size_t taken_ = 0;
};

using Function = napi_value (*)(Arguments&);

// Makes a JavaScript function of a C++ one: exceptions become errors.
template <Function function>
napi_value call(napi_env env, napi_callback_info info);

void throwError(napi_env env, const std::exception& error);

}  // namespace singan

#include "../platform/denormals.h"

template <singan::Function function>
napi_value singan::call(napi_env env, napi_callback_info info) {
  try {
    FlushDenormals flush;
    Arguments arguments(env, info);
    return function(arguments);
  } catch (const std::exception& error) {
    throwError(env, error);
    return nullptr;
  }
}
