#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/enum_table.h"
#include "experiments/core/result.h"

// The safetensors format (https://github.com/huggingface/safetensors, README "Format"):
//
//   u64 LE header bytes | header: JSON {"__metadata__": {…}, "name": {"dtype", "shape",
//   "data_offsets": [begin, end]}, …} padded with spaces | tensor bytes, little-endian, row-major
//
// Python reads it with `safetensors.torch.load_file`.

namespace tutti::checkpoint {

enum class Dtype { kF64, kF32, kBf16, kI64, kU8 };
inline constexpr EnumTable<Dtype, 5> kDtypeNames{{{{Dtype::kF64, "F64"},
                                                   {Dtype::kF32, "F32"},
                                                   {Dtype::kBf16, "BF16"},
                                                   {Dtype::kI64, "I64"},
                                                   {Dtype::kU8, "U8"}}}};

std::int64_t DtypeBytes(Dtype dtype);

// A tensor in memory that somebody else owns. An empty shape is a scalar.
struct TensorView {
  std::string name;
  Dtype dtype = Dtype::kF32;
  std::vector<std::int64_t> shape;
  std::string_view bytes;  // exactly dtype x shape
};

// A file as a list of pieces to be written one after the other, so that no tensor is copied. The
// pieces after the first point to the callers' tensors.
struct SafetensorsImage {
  std::string header;                    // size word, JSON, padding: data starts 64-byte aligned
  std::vector<std::string_view> pieces;  // tensor bytes in file order; the header is not in it
};

// Tensors are ordered by falling element size, then as given, so that each is naturally aligned.
// kInvalidArgument: duplicate or reserved name ("__metadata__"), negative dimension, bytes that do
// not fit dtype x shape, a header over 100 MB.
Result<SafetensorsImage> EncodeSafetensors(const std::vector<TensorView>& tensors,
                                           const std::map<std::string, std::string>& metadata);

inline constexpr std::uint64_t kMaxSafetensorsHeader = 100'000'000;

struct Safetensors {
  std::map<std::string, std::string> metadata;
  std::vector<TensorView> tensors;  // in file order; bytes point into the parsed buffer

  // nullptr if there is none of that name.
  const TensorView* Find(std::string_view name) const;
};

// Parses a whole file in memory; `file` must outlive the result. Strict: header size within the
// file and 100 MB, valid JSON without duplicate names, known dtype, no negative dimension,
// dtype x shape = length without overflow, offsets contiguous from 0 to the last byte.
// kDataLoss says what was found and what was expected.
Result<Safetensors> ParseSafetensors(std::string_view file);

}  // namespace tutti::checkpoint
