#include "experiments/search/ledger.h"

#include <limits>
#include <utility>

#include "experiments/search/snapshot.h"

namespace tutti::search {

std::int64_t Ledger::Create() {
  open_.insert(++created_);
  return created_;
}

bool Ledger::Close(std::int64_t configuration_no) { return open_.erase(configuration_no) > 0; }

bool Ledger::Invalidate(std::int64_t configuration_no) {
  if (open_.erase(configuration_no) == 0) return false;
  ++invalid_;
  ++invalid_in_a_row_;
  return true;
}

std::string Ledger::HopelessText() {
  return std::to_string(kHopelessInARow) +
         " configurations in a row could not be trained; the search ends";
}

Json Ledger::Snapshot() const {
  Json open = Json::MakeArray();
  for (const std::int64_t number : open_) open.Append(number);
  return Json::MakeObject({{"created", created_},
                           {"invalid", invalid_},
                           {"invalid_in_a_row", invalid_in_a_row_},
                           {"open", std::move(open)}});
}

Status Ledger::Restore(const Json& snapshot) {
  Ledger read;
  TUTTI_ASSIGN_OR_RETURN(
      read.created_, IntOf(snapshot, "created", 0, std::numeric_limits<std::int64_t>::max()));
  TUTTI_ASSIGN_OR_RETURN(read.invalid_, IntOf(snapshot, "invalid", 0, read.created_));
  TUTTI_ASSIGN_OR_RETURN(read.invalid_in_a_row_,
                         IntOf(snapshot, "invalid_in_a_row", 0, read.invalid_));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* open, ArrayOf(snapshot, "open"));
  for (const Json& number : *open) {
    if (!number.is_int() || number.AsInt() < 1 || number.AsInt() > read.created_ ||
        !read.open_.insert(number.AsInt()).second) {
      return DamagedSnapshot("'open' holds " + number.Dump());
    }
  }
  if (std::ssize(read.open_) + read.invalid_ > read.created_) {
    return DamagedSnapshot("more configurations are open or invalid than were created");
  }
  *this = std::move(read);
  return Ok{};
}

}  // namespace tutti::search
