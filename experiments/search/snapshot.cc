#include "experiments/search/snapshot.h"

namespace tutti::search {
namespace {

Result<const Json*> Member(const Json& object, const std::string& key) {
  const Json* found = object.Find(key);
  if (found == nullptr) return DamagedSnapshot("it has no '" + key + "'");
  return found;
}

Result<std::int64_t> Checked(const Json& value, std::int64_t lo, std::int64_t hi,
                             const std::string& what) {
  if (!value.is_int() || value.AsInt() < lo || value.AsInt() > hi) {
    return DamagedSnapshot(what + " is " + value.Dump() + ", expected an integer in " +
                           std::to_string(lo) + " to " + std::to_string(hi));
  }
  return value.AsInt();
}

}  // namespace

Error DamagedSnapshot(const std::string& what) {
  return DataLoss("searcher snapshot: " + what + "; it belongs to another experiment or version");
}

Result<std::int64_t> IntOf(const Json& object, const std::string& key, std::int64_t lo,
                           std::int64_t hi) {
  TUTTI_ASSIGN_OR_RETURN(const Json* value, Member(object, key));
  return Checked(*value, lo, hi, "'" + key + "'");
}

Result<bool> BoolOf(const Json& object, const std::string& key) {
  TUTTI_ASSIGN_OR_RETURN(const Json* value, Member(object, key));
  if (!value->is_bool()) return DamagedSnapshot("'" + key + "' is " + value->Dump());
  return value->AsBool();
}

Result<const Json::Array*> ArrayOf(const Json& object, const std::string& key, std::int64_t size) {
  TUTTI_ASSIGN_OR_RETURN(const Json* value, Member(object, key));
  if (!value->is_array()) return DamagedSnapshot("'" + key + "' is not a list");
  if (size >= 0 && std::ssize(value->AsArray()) != size) {
    return DamagedSnapshot("'" + key + "' has " + std::to_string(value->size()) +
                           " items, expected " + std::to_string(size));
  }
  return &value->AsArray();
}

Status ExpectText(const Json& object, const std::string& key, const std::string& expected) {
  TUTTI_ASSIGN_OR_RETURN(const Json* value, Member(object, key));
  if (!(*value == Json(expected))) {
    return DamagedSnapshot("'" + key + "' is " + value->Dump() + ", expected '" + expected + "'");
  }
  return Ok{};
}

Status ExpectInt(const Json& object, const std::string& key, std::int64_t expected) {
  TUTTI_ASSIGN_OR_RETURN(const Json* value, Member(object, key));
  if (!(*value == Json(expected))) {
    return DamagedSnapshot("'" + key + "' is " + value->Dump() + ", expected " +
                           std::to_string(expected));
  }
  return Ok{};
}

Status ExpectRow(const Json& row, std::size_t size, const std::string& what) {
  if (!row.is_array() || row.size() != size) {
    return DamagedSnapshot(what + " is " + row.Dump() + ", expected a list of " +
                           std::to_string(size));
  }
  return Ok{};
}

Result<std::int64_t> IntIn(const Json& row, std::size_t i, std::int64_t lo, std::int64_t hi,
                           const std::string& what) {
  return Checked(row[i], lo, hi, what);
}

Result<double> NumberIn(const Json& row, std::size_t i, const std::string& what) {
  const Json& value = row[i];
  const bool special = value == Json("NaN") || value == Json("Infinity") ||
                       value == Json("-Infinity");
  if (!value.is_number() && !special) {
    return DamagedSnapshot(what + " is " + value.Dump() + ", expected a number");
  }
  return value.AsDouble();
}

}  // namespace tutti::search
