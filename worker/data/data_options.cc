#include "worker/data/data_options.h"

#include <algorithm>
#include <filesystem>

namespace tutti {
namespace {

Error Wrong(const char* key, const Json& found, const std::string& expected) {
  return InvalidArgument("data.options." + std::string(key) + " is " + found.Dump() +
                         ", expected " + expected);
}

bool IsCount(const Json& value, std::int64_t lo, std::int64_t hi) {
  return value.is_int() && value.AsInt() >= lo && value.AsInt() <= hi;
}

}  // namespace

const Json* FindOption(const Json& options, std::string_view key) {
  const Json* found = options.Find(key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

Status CheckOptionKeys(const Json& options, const std::vector<std::string_view>& known,
                       const std::string& dataset) {
  if (options.is_null()) return Ok{};
  if (!options.is_object()) {
    return InvalidArgument("data.options of " + dataset + " must be a map, found " +
                           std::string(options.TypeName()));
  }
  std::string choices;
  for (const std::string_view key : known) {
    choices += (choices.empty() ? "" : ", ") + std::string(key);
  }
  for (const auto& [key, value] : options.AsObject()) {
    if (value.is_null() || std::find(known.begin(), known.end(), key) != known.end()) continue;
    return InvalidArgument("data.options." + key + " is no option of " + dataset + "; it has: " +
                           choices);
  }
  return Ok{};
}

Status ReadCount(const Json& options, const char* key, std::int64_t lo, std::int64_t hi,
                 std::int64_t& value) {
  const Json* found = FindOption(options, key);
  if (found == nullptr) return Ok{};
  if (!IsCount(*found, lo, hi)) {
    return Wrong(key, *found,
                 "an integer from " + std::to_string(lo) + " to " + std::to_string(hi));
  }
  value = found->AsInt();
  return Ok{};
}

Status ReadFlag(const Json& options, const char* key, bool& value) {
  const Json* found = FindOption(options, key);
  if (found == nullptr) return Ok{};
  if (!found->is_bool()) return Wrong(key, *found, "true or false");
  value = found->AsBool();
  return Ok{};
}

Status ReadText(const Json& options, const char* key, std::string& value) {
  const Json* found = FindOption(options, key);
  if (found == nullptr) return Ok{};
  if (!found->is_string() || found->AsString().empty()) return Wrong(key, *found, "a text");
  value = found->AsString();
  return Ok{};
}

Status ReadTexts(const Json& options, const char* key, std::vector<std::string>& value) {
  const Json* found = FindOption(options, key);
  if (found == nullptr) return Ok{};
  std::vector<std::string> texts;
  bool good = found->is_array() && found->size() > 0;
  for (std::size_t i = 0; good && i < found->size(); ++i) {
    good = (*found)[i].is_string();
    if (good) texts.push_back((*found)[i].AsString());
  }
  if (!good) return Wrong(key, *found, "a list of texts");
  value = std::move(texts);
  return Ok{};
}

Status ReadCounts(const Json& options, const char* key, std::size_t size, std::int64_t lo,
                  std::int64_t hi, std::vector<std::int64_t>& value) {
  const Json* found = FindOption(options, key);
  if (found == nullptr) return Ok{};
  std::vector<std::int64_t> counts;
  bool good = found->is_array() && found->size() == size;
  for (std::size_t i = 0; good && i < size; ++i) {
    good = IsCount((*found)[i], lo, hi);
    if (good) counts.push_back((*found)[i].AsInt());
  }
  if (!good) {
    return Wrong(key, *found,
                 std::to_string(size) + " integers from " + std::to_string(lo) + " to " +
                     std::to_string(hi));
  }
  value = std::move(counts);
  return Ok{};
}

Result<std::string> ReadDataPath(const Json& options, const char* key, const std::string& root,
                                 const std::string& what) {
  const Json* found = FindOption(options, key);
  if (found == nullptr) return std::string();
  if (!found->is_string() || found->AsString().empty()) {
    return Wrong(key, *found, "the path of " + what);
  }
  return (std::filesystem::path(root) / found->AsString()).lexically_normal().string();
}

}  // namespace tutti
