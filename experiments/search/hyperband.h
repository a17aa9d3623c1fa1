#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "experiments/search/brackets.h"
#include "experiments/search/ledger.h"
#include "experiments/search/sampler.h"
#include "experiments/search/score.h"
#include "experiments/search/searcher.h"

// Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar: "Hyperband: A Novel Bandit-Based
// Approach to Hyperparameter Optimization", JMLR 18(185), 2018, Algorithm 1): synchronous
// successive halving. The configurations of a bracket train up to a rung and are held there; when
// the last has come, the best max(floor(n / divisor), 1) go on to the next rung and the others are
// stopped. With R = max_time and eta = divisor, bracket s has s + 1 rungs at R * eta^(k-s) units, k
// = 0 … s, and starts ceil((s_max + 1) * eta^s / (s + 1)) configurations (see brackets.h).
//
// At most max_concurrent_trials train at once. Where a bracket has nothing to start, because it
// waits for a rung, the next one starts, so that slots do not idle; earlier brackets come first.
// With a sampler that learns this is BOHB (Falkner, Klein, Hutter, ICML 2018).

namespace tutti::search {

class Hyperband final : public Searcher {
 public:
  // Errors: what Brackets and CheckDimension find. REQUIRES: config.searcher.name is hyperband or
  // bohb.
  static Result<std::unique_ptr<Hyperband>> Make(const ExperimentConfig& config,
                                                 std::unique_ptr<Sampler> sampler);

  std::vector<SearchAction> OnEvent(const SearchEvent& event) override;
  std::int64_t NextDecision(std::int64_t configuration_no) const override;
  Json Snapshot() const override;
  // kDataLoss if the snapshot is not one of this search; the searcher is then of no use.
  Status Restore(const Json& snapshot);

  std::int64_t expected_configurations() const override {
    return max_trials_ + ledger_.invalid();
  }
  std::int64_t created() const override { return ledger_.created(); }
  std::int64_t closed() const override { return ledger_.closed(); }

 private:
  // A bracket that has started and is not over.
  struct Run {
    std::vector<std::int64_t> rungs;
    std::int64_t trials = 0;               // to create
    std::int64_t valid = 0;                // created and not invalid
    std::size_t rung = 0;                  // the one that its members are heading for
    std::int64_t awaited = 0;              // members that have not come there
    std::vector<Placed> placed;            // members that have
    std::deque<std::int64_t> to_continue;  // in state kWaiting, best first
  };
  enum class State {
    kRunning = 0,  // trains, up to its run's rung
    kHeld = 1,     // is there
    kWaiting = 2,  // may go on as soon as there is room
    kDone = 3,     // stopped
  };
  // An open configuration.
  struct Member {
    std::int64_t run = 0;
    State state = State::kRunning;
    std::int64_t time = 0;       // of its last report
    std::optional<Score> score;  // of that
    Json hparams;
  };

  Hyperband(const ExperimentConfig& config, std::vector<Bracket> brackets,
            std::unique_ptr<Sampler> sampler);

  void OnMetric(const MetricReported& report, std::vector<SearchAction>& actions);
  void OnClosed(const TrialClosed& closed, std::vector<SearchAction>& actions);
  void OnInvalid(std::int64_t configuration_no, std::vector<SearchAction>& actions);

  // Where the members of a run are held next; 0 on the way to the top, where they end.
  static std::int64_t Until(const Run& run);
  // The only places where states change: they keep `awaited` and `running_`.
  void Enter(Member& member, State state);
  void Leave(const Member& member);
  // Halves runs and starts what there is room for, until neither changes anything; ends the search
  // when nothing is left.
  void Advance(std::vector<SearchAction>& actions);
  bool HalveOne(std::vector<SearchAction>& actions);
  void Halve(std::int64_t number, Run& run, std::vector<SearchAction>& actions);
  bool ContinueOne(std::vector<SearchAction>& actions);
  bool CreateOne(std::vector<SearchAction>& actions);
  bool OpenRun();
  Status RestoreRun(const Json& snapshot);
  Status RestoreMember(const Json& row);

  std::string name_;
  bool smaller_is_better_;
  std::int64_t divisor_;
  std::int64_t max_time_;
  std::int64_t max_trials_;
  std::int64_t window_;
  bool ends_by_itself_;  // at max_time, as the built-in trainer does
  std::vector<Bracket> brackets_;
  std::unique_ptr<Sampler> sampler_;

  bool started_ = false;
  bool search_closed_ = false;
  Ledger ledger_;
  std::int64_t opened_ = 0;       // runs so far
  std::int64_t planned_ = 0;      // configurations that the runs so far have or will have
  std::int64_t running_ = 0;
  std::map<std::int64_t, Run> runs_;        // by number, from 0
  std::map<std::int64_t, Member> members_;  // exactly the open configurations
};

}  // namespace tutti::search
