#pragma once

#include <string>
#include <vector>

#include "cli/database.h"

// `tutti report --check`: does a page still say what the database says?

namespace tutti::cli {

struct CheckOutcome {
  std::size_t numbers = 0;              // shown on the page with a source
  std::size_t differing = 0;            // elements that differ, are missing or should not be there
  std::vector<std::string> lines;       // the first of them, one line each
  std::vector<std::string> unverified;  // what could only be compared with stored numbers
  bool unchanged = false;               // byte for byte the page that was written
  bool passed() const { return differing == 0 && unchanged && numbers > 0; }
};

// Makes the numbers of the page again: evaluations and ensembles from stored logits with
// experiments/metrics, best values from epochs, statistics from those; then compares every element
// that shows one, its text and what it draws. kInvalidArgument: not a page of `tutti report`;
// kNotFound: the database does not have its experiment.
Result<CheckOutcome> CheckReport(Database& database, const std::string& html);

}  // namespace tutti::cli
