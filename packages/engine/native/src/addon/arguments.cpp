#include "arguments.h"

#include <cmath>
#include <new>

namespace singan {

Arguments::Arguments(napi_env env, napi_callback_info info) : env_(env) {
  napi_get_cb_info(env, info, &count_, values_, nullptr, nullptr);
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  session_ = static_cast<Session*>(data);
}

napi_value Arguments::next(const char* name) {
  if (taken_ >= count_ || taken_ >= kMax) throw std::invalid_argument(std::string("expected an argument ") + name);
  return values_[taken_++];
}

double Arguments::number(const char* name) {
  double value = 0;
  if (napi_get_value_double(env_, next(name), &value) != napi_ok) {
    throw std::invalid_argument(std::string("expected ") + name + " to be a number");
  }
  return value;
}

int64_t Arguments::integer64(const char* name, int64_t least, int64_t most) {
  const double value = number(name);
  if (!(value >= static_cast<double>(least) && value <= static_cast<double>(most)) || value != std::floor(value)) {
    throw std::invalid_argument(std::string("expected ") + name + " to be an integer in " + std::to_string(least) +
                                ".." + std::to_string(most) + ", got " + std::to_string(value));
  }
  return static_cast<int64_t>(value);
}

int Arguments::integer(const char* name, int64_t least, int64_t most) {
  return static_cast<int>(integer64(name, least, most));
}

std::string Arguments::text(const char* name) {
  char buffer[32];
  size_t length = 0;
  if (napi_get_value_string_utf8(env_, next(name), buffer, sizeof buffer, &length) != napi_ok) {
    throw std::invalid_argument(std::string("expected ") + name + " to be a string");
  }
  return std::string(buffer, length);
}

const TensorPtr& Arguments::tensor(const char* name) {
  return session_->at(integer(name, 0, INT32_MAX));
}

void* Arguments::typedArray(const char* name, napi_typedarray_type type, const char* typeName, size_t& length) {
  napi_typedarray_type actual;
  void* data = nullptr;
  const napi_value value = next(name);
  const napi_status status = napi_get_typedarray_info(env_, value, &actual, &length, &data, nullptr, nullptr);
  if (status != napi_ok || actual != type) {
    throw std::invalid_argument(std::string("expected ") + name + " to be a " + typeName);
  }
  return data;
}

Arguments::Floats Arguments::floats(const char* name) {
  size_t length = 0;
  float* data = static_cast<float*>(typedArray(name, napi_float32_array, "Float32Array", length));
  return {data, length};
}

Arguments::Integers Arguments::integers(const char* name) {
  size_t length = 0;
  int32_t* data = static_cast<int32_t*>(typedArray(name, napi_int32_array, "Int32Array", length));
  return {data, length};
}

napi_value Arguments::numberResult(double value) const {
  napi_value result;
  napi_create_double(env_, value, &result);
  return result;
}

napi_value Arguments::textResult(const std::string& value) const {
  napi_value result;
  napi_create_string_utf8(env_, value.c_str(), value.size(), &result);
  return result;
}

napi_value Arguments::tensorResult(TensorPtr tensor) const { return numberResult(session_->add(std::move(tensor))); }

void throwError(napi_env env, const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error)) {
    napi_throw_error(env, "ERR_OUT_OF_MEMORY", "there is not enough memory for a tensor");
  } else {
    napi_throw_error(env, "ERR_INVALID_ARGUMENT", error.what());
  }
}

}  // namespace singan
