// Goal: how long one decision of the scheduler takes on a large, full cluster.
// Method: the production engine with 1,000 nodes of 8 slots and always at least 10,000 trials in the
// queue, in hundreds of experiments of different sizes, weights, priorities and labels. Attempts
// start, validate, end, fail and are preempted; nodes report what they have let go of. Only
// Engine::Apply is timed, in CPU time. Prints one line per kind of event and the whole; everything but the times
// is the same in every run.
//
//   tutti-bench-scheduling [events] [nodes] [slots per node] [queued trials]

#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/engine/engine.h"
#include "experiments/core/rng.h"
#include "tests/coordinator/engine/documents.h"

namespace tutti::engine {
namespace {

// Of this thread only: other programs on the machine do not count.
double CpuMicroseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

double Percentile(std::vector<double>& values, double p) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(p * static_cast<double>(values.size() - 1));
  return values[at];
}

class World {
 public:
  World(std::int64_t nodes, std::int64_t slots, std::int64_t queued)
      : engine_({.idle_allocation_ms = 60'000, .attempts_ahead = 32}), queued_(queued) {
    for (std::int64_t i = 1; i <= nodes; ++i) {
      NodeJoined event{now_ms_, NodeId(i), "w" + std::to_string(i), "default", {}, {}, {}, true};
      for (std::int64_t slot = 0; slot < slots; ++slot) event.slots.push_back({slot, "cpu", 1 << 30});
      event.labels["zone"] = i % 2 == 0 ? "a" : "b";
      Apply(event);
    }
    Fill();
    times_.clear();
  }

  void Run(std::int64_t events) {
    while (applied_ < events) {
      now_ms_ += 7;
      if (waiting_ < queued_) Fill();
      if (!reports_.empty() && rng_.Below(4) == 0) {
        Report(reports_.begin()->first);
      } else {
        Step();
      }
    }
  }

  void Print() {
    std::vector<double> all;
    std::printf("%-24s %9s %9s %9s %9s\n", "event", "count", "p50 us", "p99 us", "max us");
    for (auto& [name, list] : times_) {
      all.insert(all.end(), list.begin(), list.end());
      std::printf("%-24s %9zu %9.1f %9.1f %9.1f\n", name.c_str(), list.size(),
                  Percentile(list, 0.5), Percentile(list, 0.99), Percentile(list, 1));
    }
    double sum = 0;
    for (const double t : all) sum += t;
    std::printf("%-24s %9zu %9.1f %9.1f %9.1f\n", "all", all.size(), Percentile(all, 0.5),
                Percentile(all, 0.99), Percentile(all, 1));
    std::printf("%.0f events/s; %lld trials queued, %d of %d slots free, %lld preempted\n",
                static_cast<double>(all.size()) / sum * 1e6, static_cast<long long>(waiting_),
                engine_.slots_free(), engine_.slots_total(), static_cast<long long>(preempted_));
  }

 private:
  struct Front {
    NodeId node;
    AllocationId gang;
    bool stopping = false;
    bool started = false;
  };

  void Apply(const Event& event) {
    const double begin = CpuMicroseconds();
    const std::vector<Command> commands = engine_.Apply(event);
    times_[std::string(EventName(event))].push_back(CpuMicroseconds() - begin);
    ++applied_;
    for (const Command& command : commands) {
      if (const auto* desired = std::get_if<SetDesired>(&command)) {
        Take(*desired);
      } else if (const auto* trial = std::get_if<PersistTrial>(&command)) {
        TakeTrial(*trial);
      } else if (const auto* line = std::get_if<LogEvent>(&command)) {
        preempted_ += line->kind == "preempted" ? 1 : 0;
      }
    }
  }

  void TakeTrial(const PersistTrial& row) {
    const auto [it, fresh] = states_.try_emplace(row.trial, false);
    const bool waits = row.state == "QUEUED";
    waiting_ += (waits ? 1 : 0) - (it->second ? 1 : 0);
    it->second = waits;
  }

  void Take(const SetDesired& desired) {
    std::map<AllocationId, bool>& had = gangs_[desired.node];
    std::map<AllocationId, bool> has;
    for (const AllocationOrder& order : desired.allocations) {
      has[order.allocation] = true;
      if (!order.leader || order.attempts.empty()) continue;
      const AttemptOrder& front = order.attempts.front();
      const auto [it, fresh] = fronts_.try_emplace(front.attempt);
      it->second.node = desired.node;
      it->second.gang = order.allocation;
      it->second.stopping = front.stop != AttemptOrder::Stop::kRun;
      if (fresh) running_.push_back(front.attempt);
      for (const AttemptOrder& attempt : order.attempts) {
        if (attempt.attempt != front.attempt && attempt.stop != AttemptOrder::Stop::kRun) {
          returned_.push_back(attempt.attempt);
        }
      }
    }
    for (const auto& [gang, here] : had) {
      if (!has.contains(gang)) reports_[desired.node] = true;
    }
    had = std::move(has);
  }

  // The node lists what it is to run: the rest it has let go of.
  void Report(NodeId node) {
    reports_.erase(node);
    NodeReported event{now_ms_, node, {}};
    for (const auto& [gang, here] : gangs_[node]) {
      event.allocations.push_back({gang, NodeReported::Allocation::State::kReady, "", 0});
    }
    Apply(event);
  }

  // Something that an attempt says.
  void Step() {
    if (!returned_.empty()) {
      const AttemptId id = returned_.back();
      returned_.pop_back();
      if (engine_.FindLive(id)) Apply(AttemptExited{now_ms_, id, Outcome::kPreempted, {}, ""});
      return;
    }
    if (running_.empty()) return Fill();
    std::size_t i = rng_.Below(running_.size());
    // A checkpoint takes less time than a trial: who was told to stop says so sooner.
    for (int tries = 0; tries < 20 && !fronts_.at(running_[i]).stopping; ++tries) {
      const std::size_t other = rng_.Below(running_.size());
      if (fronts_.at(running_[other]).stopping) i = other;
    }
    const AttemptId id = running_[i];
    Front& front = fronts_.at(id);
    if (!engine_.FindLive(id)) return Forget(i);
    if (!front.started) {
      front.started = true;
      return Apply(AttemptStarted{now_ms_, id, 1000});
    }
    if (!front.stopping && rng_.Below(3) == 0) {
      return Apply(MetricReported{now_ms_, id, 1, 10, {{"validation_loss", rng_.Uniform()}}, 1});
    }
    AttemptExited event{now_ms_, id, Outcome::kCompleted, FailureClass::kNone, ""};
    if (front.stopping) event.outcome = Outcome::kPreempted;
    Forget(i);
    Apply(event);
  }

  void Forget(std::size_t i) {
    fronts_.erase(running_[i]);
    running_[i] = running_.back();
    running_.pop_back();
  }

  // Submits until enough trials wait.
  void Fill() {
    while (waiting_ < queued_ + queued_ / 20) {
      constexpr std::int64_t kSizes[] = {1, 1, 1, 1, 2, 4, 8, 12};
      DocumentOptions options;
      options.trials = static_cast<std::int64_t>(10 + rng_.Below(31));
      options.slots_per_trial = kSizes[rng_.Below(8)];
      options.priority = static_cast<std::int64_t>(40 + rng_.Below(4));
      options.weight = static_cast<double>(1 + rng_.Below(3));
      if (rng_.Below(4) == 0) options.labels["zone"] = rng_.Below(2) == 0 ? "a" : "b";
      if (rng_.Below(8) == 0) options.max_slots = options.slots_per_trial * 4;
      options.seed = next_experiment_;
      Apply(ExperimentSubmitted{now_ms_, ExperimentId(next_experiment_++), Document(options)});
    }
  }

  Rng rng_{5};
  Engine engine_;
  std::int64_t queued_;
  std::int64_t now_ms_ = 1'000'000;
  std::int64_t next_experiment_ = 1;
  std::int64_t applied_ = 0, waiting_ = 0, preempted_ = 0;
  std::map<std::string, std::vector<double>> times_;  // microseconds, by kind of event
  std::map<TrialId, bool> states_;                    // whether it is QUEUED
  std::map<NodeId, std::map<AllocationId, bool>> gangs_;
  std::map<NodeId, bool> reports_;
  std::map<AttemptId, Front> fronts_;
  std::vector<AttemptId> running_, returned_;
};

}  // namespace
}  // namespace tutti::engine

int main(int argc, char** argv) {
  const auto number = [&](int i, std::int64_t otherwise) {
    return argc > i ? std::strtoll(argv[i], nullptr, 10) : otherwise;
  };
  const std::int64_t events = number(1, 40'000), nodes = number(2, 1000), slots = number(3, 8),
                     queued = number(4, 10'000);
  tutti::engine::World world(nodes, slots, queued);
  std::printf("%lld nodes of %lld slots, at least %lld trials queued\n",
              static_cast<long long>(nodes), static_cast<long long>(slots),
              static_cast<long long>(queued));
  world.Run(events);
  world.Print();
  return 0;
}
