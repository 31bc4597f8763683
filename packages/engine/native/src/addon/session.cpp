#include "session.h"

#include <stdexcept>

#include "../platform/cpu-limits.h"
#include "../platform/instruction-set.h"

namespace singan {
namespace {

const KernelTable& kernelsNamed(const std::string& isa) {
  const std::vector<const KernelTable*> usable = usableKernels();
  if (isa.empty()) return *usable[0];
  std::string names;
  for (const KernelTable* kernels : usable) {
    if (kernels->name == isa) return *kernels;
    names += names.empty() ? kernels->name : std::string(", ") + kernels->name;
  }
  throw std::invalid_argument("expected an instruction set of this processor (" + names + "), got " + isa);
}

}  // namespace

void Session::start(const std::string& isa, int threads) {
  if (machine_) throw std::invalid_argument("the engine has been started already");
  machine_ = std::make_unique<Machine>(kernelsNamed(isa), threads > 0 ? threads : usableThreads());
}

Machine& Session::machine() const {
  if (!machine_) throw std::logic_error("the engine has not been started");
  return *machine_;
}

int Session::add(TensorPtr tensor) {
  if (free_.empty()) {
    tensors_.push_back(std::move(tensor));
    return static_cast<int>(tensors_.size()) - 1;
  }
  const int id = free_.back();
  free_.pop_back();
  tensors_[id] = std::move(tensor);
  return id;
}

const TensorPtr& Session::at(int id) const {
  if (id < 0 || id >= static_cast<int>(tensors_.size()) || !tensors_[id]) {
    throw std::invalid_argument("there is no tensor " + std::to_string(id));
  }
  return tensors_[id];
}

void Session::release(int id) {
  at(id);
  tensors_[id].reset();
  free_.push_back(id);
}

}  // namespace singan
