#pragma once

#include <cstdint>
#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Reading the snapshots of searchers: whatever does not fit is kDataLoss and names the field.

namespace tutti::search {

Error DamagedSnapshot(const std::string& what);

// The member `key` of an object, an integer in lo … hi.
Result<std::int64_t> IntOf(const Json& object, const std::string& key, std::int64_t lo,
                           std::int64_t hi);
Result<bool> BoolOf(const Json& object, const std::string& key);

// The member `key` of an object, a list; `size` items if not negative. The pointer belongs to
// `object`.
Result<const Json::Array*> ArrayOf(const Json& object, const std::string& key,
                                   std::int64_t size = -1);

// Ok if the member `key` is the text `expected`.
Status ExpectText(const Json& object, const std::string& key, const std::string& expected);
// Ok if the member `key` is the integer `expected`.
Status ExpectInt(const Json& object, const std::string& key, std::int64_t expected);

// A row is a list of `size` values; item `i` of it is an integer in lo … hi. `what` names the row.
Status ExpectRow(const Json& row, std::size_t size, const std::string& what);
Result<std::int64_t> IntIn(const Json& row, std::size_t i, std::int64_t lo, std::int64_t hi,
                           const std::string& what);
// Item `i` is a number, or one of the texts that Json writes for those that are not finite.
Result<double> NumberIn(const Json& row, std::size_t i, const std::string& what);

}  // namespace tutti::search
