#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "coordinator/engine/event.h"
#include "experiments/core/record.h"
#include "experiments/core/result.h"

// What a numbered record (docs/records.md) means to the engine. Pure. An event is made only from a
// record that the database stores as rows (the same parser decides), since rows that follow from
// the event refer to them and a failed write ends the process.

namespace tutti {

// nullopt: stored only (steps, evaluation, an epoch without a validation). For a checkpoint the id
// is filled in by the caller. time_metric is the experiment's searcher.time_metric: "epochs",
// "batches", or the name of a metric that the record has to have, with its split
// ("train_samples") or without ("samples"). kInvalidArgument: a field is missing, of the wrong type
// or out of range, or the record belongs to another attempt.
Result<std::optional<engine::Event>> EventOfRecord(const Record& record, AttemptId attempt,
                                                   std::int64_t at_ms,
                                                   std::string_view time_metric = "epochs");

// What is stored in place of a record that EventOfRecord refused, so that the attempt's numbering
// goes on: the database keeps it aside, with the reason and the refused header.
Record RefusedRecord(const Record& record, const Error& why);

}  // namespace tutti
