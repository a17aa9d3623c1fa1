#pragma once

#include <cstdint>
#include <optional>

#include "coordinator/engine/event.h"
#include "experiments/core/record.h"
#include "experiments/core/result.h"

// What a numbered record (docs/records.md) means to the engine. Pure. It is also the gate that
// keeps a record which the database could not store from reaching the writer, where a failed write
// ends the process.

namespace tutti {

// nullopt: stored only (steps, evaluation, an epoch without a validation). For a checkpoint the id
// is filled in by the caller. kInvalidArgument: a field is missing, of the wrong type or out of
// range, the payload has the wrong size, or the type is unknown.
Result<std::optional<engine::Event>> EventOfRecord(const Record& record, AttemptId attempt,
                                                   std::int64_t at_ms);

// What is stored in place of a record that EventOfRecord refused, so that the attempt's numbering
// goes on: a `log` record with the reason.
Record RefusedRecord(const Record& record, AttemptId attempt, const Error& why);

}  // namespace tutti
