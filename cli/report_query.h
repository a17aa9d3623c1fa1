#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/database.h"
#include "storage/stored_predictions.h"

// Cells of query results as the values a report is made of.

namespace tutti::cli {

// NULL and text are nothing.
std::optional<double> MaybeDouble(const Json& cell);
std::optional<std::int64_t> MaybeInt(const Json& cell);
std::int64_t IntOr0(const Json& cell);
// A number that is not finite is NULL in the database: NaN here.
double DoubleOrNan(const Json& cell);
// "" for NULL.
std::string TextOf(const Json& cell);

// The first row; kNotFound without one.
Result<std::vector<Json>> OneRow(Database& database, const std::string& sql, const Json& params);

// Whether the database has a view of this name: older files lack those of later versions.
Result<bool> HasView(Database& database, const std::string& name);

// What reads stored predictions through `database`, which must outlive it.
storage::RunQuery QueryOf(Database& database);

}  // namespace tutti::cli
