#include "worker/checkpoint/safetensors.h"

#include <algorithm>
#include <optional>
#include <set>

#include "experiments/core/json.h"

namespace tutti::checkpoint {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::string_view kMetadata = "__metadata__";

// dtype x shape, or nothing if a dimension is negative or the product overflows.
std::optional<std::uint64_t> ExpectedBytes(Dtype dtype, const std::vector<std::int64_t>& shape) {
  std::uint64_t bytes = static_cast<std::uint64_t>(DtypeBytes(dtype));
  for (const std::int64_t d : shape) {
    if (d < 0) return std::nullopt;
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(d), &bytes)) return std::nullopt;
  }
  return bytes;
}

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  }
  return text + "]";
}

std::string LittleEndian64(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFF);
  return bytes;
}

Status CheckTensor(const TensorView& tensor, std::set<std::string_view>& names) {
  if (tensor.name == kMetadata || !names.insert(tensor.name).second) {
    return InvalidArgument("tensor name \"" + tensor.name + "\" is " +
                           (tensor.name == kMetadata ? "reserved" : "used twice"));
  }
  const auto expected = ExpectedBytes(tensor.dtype, tensor.shape);
  if (!expected || *expected != tensor.bytes.size()) {
    return InvalidArgument("tensor \"" + tensor.name + "\": " +
                           std::to_string(tensor.bytes.size()) + " bytes do not fit " +
                           std::string(kDtypeNames.Name(tensor.dtype)) + " " +
                           ShapeText(tensor.shape));
  }
  return Ok{};
}

// One entry of the header. `end` is where the tensor before it ended.
struct Entry {
  TensorView tensor;
  std::uint64_t begin = 0, end = 0;
};

Error BadEntry(const std::string& name, const std::string& why) {
  return DataLoss("safetensors header, tensor \"" + name + "\": " + why);
}

// A list of non-negative integers.
std::optional<std::vector<std::int64_t>> Sizes(const Json* json) {
  if (json == nullptr || !json->is_array()) return std::nullopt;
  std::vector<std::int64_t> sizes;
  for (const Json& item : json->AsArray()) {
    if (!item.is_int() || item.AsInt() < 0) return std::nullopt;
    sizes.push_back(item.AsInt());
  }
  return sizes;
}

Result<Entry> ReadEntry(const std::string& name, const Json& json, std::uint64_t data_bytes) {
  if (!json.is_object() || json.size() != 3) {
    return BadEntry(name, "expected exactly dtype, shape and data_offsets");
  }
  Entry entry;
  entry.tensor.name = name;
  const Json* dtype = json.Find("dtype");
  const auto known = dtype != nullptr && dtype->is_string() ? kDtypeNames.Parse(dtype->AsString())
                                                            : std::nullopt;
  if (!known) {
    return BadEntry(name, "dtype " + (dtype != nullptr ? dtype->Dump() : "missing") +
                              ", expected " + kDtypeNames.Choices());
  }
  entry.tensor.dtype = *known;
  auto shape = Sizes(json.Find("shape"));
  if (!shape) return BadEntry(name, "shape is no list of integers from 0");
  entry.tensor.shape = std::move(*shape);
  const auto offsets = Sizes(json.Find("data_offsets"));
  if (!offsets || offsets->size() != 2) {
    return BadEntry(name, "data_offsets is no pair of integers from 0");
  }
  entry.begin = static_cast<std::uint64_t>((*offsets)[0]);
  entry.end = static_cast<std::uint64_t>((*offsets)[1]);
  if (entry.begin > entry.end || entry.end > data_bytes) {
    return BadEntry(name, "data_offsets " + std::to_string(entry.begin) + " to " +
                              std::to_string(entry.end) + " do not lie in the " +
                              std::to_string(data_bytes) + " bytes of data");
  }
  const auto expected = ExpectedBytes(entry.tensor.dtype, entry.tensor.shape);
  if (!expected || *expected != entry.end - entry.begin) {
    return BadEntry(name, std::to_string(entry.end - entry.begin) + " bytes, but " +
                              std::string(kDtypeNames.Name(entry.tensor.dtype)) + " " +
                              ShapeText(entry.tensor.shape) + " needs " +
                              (expected ? std::to_string(*expected) : "more than 2^64"));
  }
  return entry;
}

Status ReadMetadata(const Json& json, std::map<std::string, std::string>& metadata) {
  if (!json.is_object()) return DataLoss("safetensors header: __metadata__ is no map");
  for (const auto& [key, value] : json.AsObject()) {
    if (!value.is_string()) {
      return DataLoss("safetensors header: __metadata__." + key + " is " +
                      std::string(value.TypeName()) + ", expected a string");
    }
    metadata[key] = value.AsString();
  }
  return Ok{};
}

Result<Json> ReadHeader(std::string_view file, std::uint64_t& header_bytes) {
  if (file.size() < 8) {
    return DataLoss("safetensors file of " + std::to_string(file.size()) +
                    " bytes, too short for its header");
  }
  header_bytes = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    header_bytes |= static_cast<std::uint64_t>(static_cast<unsigned char>(file[i])) << (8 * i);
  }
  if (header_bytes > kMaxSafetensorsHeader || header_bytes > file.size() - 8) {
    return DataLoss("safetensors header of " + std::to_string(header_bytes) +
                    " bytes, expected at most " +
                    std::to_string(std::min<std::uint64_t>(kMaxSafetensorsHeader,
                                                           file.size() - 8)) +
                    (header_bytes > kMaxSafetensorsHeader ? "" : " (the file is truncated)"));
  }
  const std::string_view text = file.substr(8, header_bytes);
  if (text.empty() || text.front() != '{') {
    return DataLoss("safetensors header does not begin with '{'");
  }
  auto json = Json::Parse(text);
  if (!json) {
    return DataLoss("safetensors header is no valid JSON: " + json.error().ToString());
  }
  return json;
}

}  // namespace

std::int64_t DtypeBytes(Dtype dtype) {
  switch (dtype) {
    case Dtype::kF64:
    case Dtype::kI64:
      return 8;
    case Dtype::kF32:
      return 4;
    case Dtype::kBf16:
      return 2;
    case Dtype::kU8:
      return 1;
  }
  CheckFailed(__FILE__, __LINE__, "DtypeBytes", "unknown dtype");
}

Result<SafetensorsImage> EncodeSafetensors(const std::vector<TensorView>& tensors,
                                           const std::map<std::string, std::string>& metadata) {
  std::vector<const TensorView*> order;
  std::set<std::string_view> names;
  for (const TensorView& tensor : tensors) {
    TUTTI_RETURN_IF_ERROR(CheckTensor(tensor, names));
    order.push_back(&tensor);
  }
  std::stable_sort(order.begin(), order.end(), [](const TensorView* a, const TensorView* b) {
    return DtypeBytes(a->dtype) > DtypeBytes(b->dtype);
  });
  Json header = Json::MakeObject();
  if (!metadata.empty()) {
    Json meta = Json::MakeObject();
    for (const auto& [key, value] : metadata) meta.Set(key, value);
    header.Set(std::string(kMetadata), std::move(meta));
  }
  SafetensorsImage image;
  std::int64_t offset = 0;
  for (const TensorView* tensor : order) {
    Json shape = Json::MakeArray();
    for (const std::int64_t d : tensor->shape) shape.Append(d);
    const auto end = offset + static_cast<std::int64_t>(tensor->bytes.size());
    header.Set(tensor->name,
               Json::MakeObject({{"dtype", kDtypeNames.Name(tensor->dtype)},
                                 {"shape", std::move(shape)},
                                 {"data_offsets", Json::MakeArray({offset, end})}}));
    offset = end;
    if (!tensor->bytes.empty()) image.pieces.push_back(tensor->bytes);
  }
  std::string text = header.Dump();
  while ((8 + text.size()) % kAlignment != 0) text += ' ';
  if (text.size() > kMaxSafetensorsHeader) {
    return InvalidArgument("safetensors header of " + std::to_string(text.size()) +
                           " bytes, expected at most " + std::to_string(kMaxSafetensorsHeader));
  }
  image.header = LittleEndian64(text.size()) + text;
  return image;
}

const TensorView* Safetensors::Find(std::string_view name) const {
  for (const TensorView& tensor : tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

Result<Safetensors> ParseSafetensors(std::string_view file) {
  std::uint64_t header_bytes = 0;
  TUTTI_ASSIGN_OR_RETURN(const Json header, ReadHeader(file, header_bytes));
  const std::string_view data = file.substr(8 + header_bytes);
  Safetensors parsed;
  std::vector<Entry> entries;
  for (const auto& [name, json] : header.AsObject()) {
    if (name == kMetadata) {
      TUTTI_RETURN_IF_ERROR(ReadMetadata(json, parsed.metadata));
      continue;
    }
    TUTTI_ASSIGN_OR_RETURN(Entry entry, ReadEntry(name, json, data.size()));
    entries.push_back(std::move(entry));
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t at = 0;
  for (Entry& entry : entries) {
    if (entry.begin != at) {
      return BadEntry(entry.tensor.name, "data begins at " + std::to_string(entry.begin) +
                                             ", expected " + std::to_string(at) +
                                             (entry.begin < at ? " (overlap)" : " (gap)"));
    }
    entry.tensor.bytes = data.substr(entry.begin, entry.end - entry.begin);
    at = entry.end;
    parsed.tensors.push_back(std::move(entry.tensor));
  }
  if (at != data.size()) {
    return DataLoss("safetensors file has " + std::to_string(data.size() - at) +
                    " trailing bytes after its last tensor");
  }
  return parsed;
}

}  // namespace tutti::checkpoint
