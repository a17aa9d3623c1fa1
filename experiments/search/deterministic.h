#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "experiments/search/searcher.h"

// searcher.deterministic: decisions that do not depend on the order in which results arrive, around
// any searcher.
//
// Every open configuration trains up to the next time at which the searcher inside could decide
// about it (NextDecision), and is held there. When each has delivered, that is has reported there
// or has ended, the events are fed in the order of (time, configuration number), and only then does
// anybody go on, stop or start: a barrier over all open configurations. So the searcher inside
// hears the same events in the same order in every run, whatever slots and delays there were. The
// price is the time for which the early ones wait at the barrier.
//
// Configurations that the searcher inside holds itself take no part until it lets them go on.

namespace tutti::search {

class DeterministicOrder final : public Searcher {
 public:
  // REQUIRES: inner is not null.
  explicit DeterministicOrder(std::unique_ptr<Searcher> inner);

  std::vector<SearchAction> OnEvent(const SearchEvent& event) override;
  std::int64_t NextDecision(std::int64_t configuration_no) const override;
  bool DependsOnOrder() const override { return false; }
  Json Snapshot() const override;
  // Takes over the waiting events; `inner` has been restored already. kDataLoss if the snapshot
  // does not fit; the searcher is then of no use.
  Status Restore(const Json& snapshot);

  std::int64_t expected_configurations() const override {
    return inner_->expected_configurations();
  }
  std::int64_t created() const override { return inner_->created(); }
  // Those whose end has arrived; the searcher inside may hear of it later.
  std::int64_t closed() const override { return closed_; }

 private:
  // A configuration whose end the searcher inside has not heard of.
  struct Member {
    std::int64_t allowed = 0;  // how far the searcher inside lets it train; 0: to its end
    std::int64_t until = 0;    // how far we do
    std::int64_t time = 0;     // of its last report that has arrived; before: where it starts
    std::int64_t heard = 0;    // of its last report that was fed; before: where it starts
    bool parked = false;       // held by the searcher inside: nothing is expected of it
    bool stopping = false;     // only its end is expected
    bool ended = false;        // that has arrived
    std::deque<SearchEvent> waiting;
  };

  // Whether this event of a member is the one that the barrier waits for.
  static bool Delivers(const Member& member, const SearchEvent& event);
  static bool HasDelivered(const Member& member);
  bool EveryoneIsHere() const;
  void Feed(std::vector<SearchAction>& actions);
  void Take(std::vector<SearchAction> from, std::vector<SearchAction>& actions);
  // After a barrier: who goes on, and how far.
  void LetGo(std::vector<SearchAction>& actions);
  std::int64_t Until(std::int64_t configuration_no, const Member& member) const;
  Status RestoreMember(const Json& row);

  std::unique_ptr<Searcher> inner_;
  std::int64_t closed_ = 0;
  std::map<std::int64_t, Member> members_;
};

}  // namespace tutti::search
