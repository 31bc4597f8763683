#pragma once
#include <memory>
#include <string>
#include <vector>

#include "../ops/net-ops.h"

namespace singan {

// What one JavaScript environment has started: the machine, and its tensors by number.
class Session {
 public:
  // isa: a name of usableKernels(), or empty for the fastest. threads: 0 for as many as may run. Throws
  // std::invalid_argument.
  void start(const std::string& isa, int threads);

  Machine& machine() const;  // throws std::logic_error before start
  int add(TensorPtr tensor);
  const TensorPtr& at(int id) const;  // throws std::invalid_argument
  void release(int id);
  int tensorCount() const { return static_cast<int>(tensors_.size() - free_.size()); }
  NetMemo& netMemo() { return netMemo_; }

 private:
  // Tensors return their memory to the machine's pool: they must go first.
  std::unique_ptr<Machine> machine_;
  std::vector<TensorPtr> tensors_;
  std::vector<int> free_;
  NetMemo netMemo_;
};

}  // namespace singan
