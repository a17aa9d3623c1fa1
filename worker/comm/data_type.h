#pragma once

#include <cstddef>

#include "worker/comm/communicator.h"

namespace tutti::comm {

constexpr std::size_t ElementSize(DataType type) {
  switch (type) {
    case DataType::kFloat64:
    case DataType::kInt64: return 8;
    case DataType::kFloat32: return 4;
    case DataType::kBFloat16: return 2;
    case DataType::kUint8: return 1;
  }
  return 0;
}

constexpr std::size_t SizeInBytes(const Buffer& buffer) {
  return static_cast<std::size_t>(buffer.count) * ElementSize(buffer.type);
}

}  // namespace tutti::comm
