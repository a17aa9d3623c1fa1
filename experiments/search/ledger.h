#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Which configurations of a search were created, are open, and turned out invalid.

namespace tutti::search {

// So many invalid configurations in a row end a search: nothing will fit.
inline constexpr std::int64_t kHopelessInARow = 100;

class Ledger {
 public:
  // The number of a new, open configuration.
  std::int64_t Create();
  // False if it is unknown or not open.
  bool Close(std::int64_t configuration_no);
  // The same for one that cannot be trained; it does not count.
  bool Invalidate(std::int64_t configuration_no);
  // A configuration can be trained after all.
  void EndInvalidRow() { invalid_in_a_row_ = 0; }

  bool IsOpen(std::int64_t configuration_no) const { return open_.contains(configuration_no); }
  const std::set<std::int64_t>& still_open() const { return open_; }
  std::int64_t created() const { return created_; }
  std::int64_t closed() const { return created_ - std::ssize(open_); }
  std::int64_t invalid() const { return invalid_; }
  std::int64_t valid() const { return created_ - invalid_; }
  bool hopeless() const { return invalid_in_a_row_ >= kHopelessInARow; }
  // "100 configurations in a row could not be trained; the search ends"
  static std::string HopelessText();

  Json Snapshot() const;
  Status Restore(const Json& snapshot);

  friend bool operator==(const Ledger&, const Ledger&) = default;

 private:
  std::int64_t created_ = 0;
  std::int64_t invalid_ = 0;
  std::int64_t invalid_in_a_row_ = 0;
  std::set<std::int64_t> open_;
};

}  // namespace tutti::search
