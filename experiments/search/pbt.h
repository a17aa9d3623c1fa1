#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/search/explore.h"
#include "experiments/search/ledger.h"
#include "experiments/search/score.h"
#include "experiments/search/searcher.h"

// Population-based training (Jaderberg et al., "Population Based Training of Neural Networks",
// arXiv:1711.09846) in rounds, with Determined's parameters.
//
// population_size members train for round_time and are held. When the last has come, the worst
// floor(truncate_fraction * population_size) of them, and all that crashed, diverged or ended by
// themselves, are replaced: exploit, by the checkpoints of the best ones in turn (the first child
// takes the best one's, the next the second's, …, of as many as are truncated); explore, by values
// near the parent's (explore.h). A child is a new configuration with a parent. After num_rounds the
// search ends. max_trials plays no role: there are population_size + (num_rounds - 1) * truncated
// configurations, and more if some crash.

namespace tutti::search {

class PopulationBasedTraining final : public Searcher {
 public:
  // Errors: population_size, num_rounds, round_time, truncate_fraction, perturb_factor or
  // resample_probability out of range; rounds longer than max_time; what CheckDimension finds.
  static Result<std::unique_ptr<PopulationBasedTraining>> Make(const ExperimentConfig& config);

  std::vector<SearchAction> OnEvent(const SearchEvent& event) override;
  std::int64_t NextDecision(std::int64_t configuration_no) const override;
  Json Snapshot() const override;
  // kDataLoss if the snapshot is not one of this search; the searcher is then of no use.
  Status Restore(const Json& snapshot);

  std::int64_t expected_configurations() const override;
  std::int64_t created() const override { return ledger_.created(); }
  std::int64_t closed() const override { return ledger_.closed(); }

 private:
  enum class State {
    kRunning = 0,  // trains, up to the round's end
    kHeld = 1,     // is there
    kWaiting = 2,  // may go on as soon as there is room
    kDone = 3,     // replaced, or at the very end
  };
  // An open configuration.
  struct Member {
    State state = State::kRunning;
    std::int64_t time = 0;  // of its last report
    Score score;            // of that
    Json hparams;
  };
  // What starts next: a member that goes on, or a new one.
  struct Start {
    std::int64_t goes_on = 0;  // a member, or 0: a new one
    std::int64_t parent = 0;   // of a new one; 0: from scratch
    Json hparams;              // of the parent
  };

  explicit PopulationBasedTraining(const ExperimentConfig& config);

  void OnMetric(const MetricReported& report, std::vector<SearchAction>& actions);
  void OnClosed(const TrialClosed& closed, std::vector<SearchAction>& actions);
  void OnInvalid(std::int64_t configuration_no, std::vector<SearchAction>& actions);

  // Where the members are held in this round; 0: they train to their end.
  std::int64_t Until() const;
  std::int64_t CountIn(State state) const;
  void Advance(std::vector<SearchAction>& actions);
  // All of the round have come: replaces, and starts the next one; or ends the search.
  void EndRound(std::vector<SearchAction>& actions);
  void StopHeld(const std::string& why, std::vector<SearchAction>& actions);
  void Begin(const Start& start, std::vector<SearchAction>& actions);
  void Close(std::vector<SearchAction>& actions);
  Status RestoreMember(const Json& row);
  Status RestoreQueue(const Json::Array& rows);

  SearchSpace space_;
  std::uint64_t seed_;
  bool smaller_is_better_;
  std::int64_t population_;
  std::int64_t truncated_;
  std::int64_t num_rounds_;
  std::int64_t round_time_;
  std::int64_t max_time_;
  std::int64_t window_;
  ExploreOptions explore_;
  bool ends_by_itself_;  // at max_time, as the built-in trainer does

  bool started_ = false;
  bool search_closed_ = false;
  std::int64_t round_ = 1;
  Ledger ledger_;
  std::map<std::int64_t, Member> members_;           // exactly the open configurations
  std::vector<Placed> placed_;                       // who has come to the round's end, or ended
  std::map<std::int64_t, Json> ended_;               // values of those of placed_ that are closed
  std::deque<Start> queue_;
};

}  // namespace tutti::search
