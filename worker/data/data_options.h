#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Reading data.options, whose keys depend on the data set. A key that is null was not given: a
// canonical document writes it so. Every error is kInvalidArgument and names the key.

namespace tutti {

// A key that nobody reads is an error.
Status CheckOptionKeys(const Json& options, const std::vector<std::string_view>& known,
                       const std::string& dataset);

// The option, or nullptr if it was not given.
const Json* FindOption(const Json& options, std::string_view key);

// Each leaves `value` as it is if the key was not given.
Status ReadCount(const Json& options, const char* key, std::int64_t lo, std::int64_t hi,
                 std::int64_t& value);
Status ReadFlag(const Json& options, const char* key, bool& value);
Status ReadText(const Json& options, const char* key, std::string& value);
Status ReadTexts(const Json& options, const char* key, std::vector<std::string>& value);
// A list of `size` integers from lo to hi.
Status ReadCounts(const Json& options, const char* key, std::size_t size, std::int64_t lo,
                  std::int64_t hi, std::vector<std::int64_t>& value);

// A path, below `root` unless it is absolute; "" if the key was not given. `what` for messages:
// "an IDX file".
Result<std::string> ReadDataPath(const Json& options, const char* key, const std::string& root,
                                 const std::string& what);

}  // namespace tutti
