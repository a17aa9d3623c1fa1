// The attempt at the front of a fake node's gang: begins, trains along its curve, stops, ends.

#include <algorithm>
#include <string>
#include <utility>

#include "coordinator/simulation/fake_node.h"

namespace tutti::simulation {
namespace {

using engine::AttemptOrder;
using engine::FailureClass;
using engine::Outcome;

constexpr std::int64_t kMilli = 1000;  // positions are in thousandths of a unit

bool IsInvalid(const TrialModel& model, const Json& hparams) {
  return model.invalid > 0 && Rng(1).Split(hparams.Dump()).Uniform() < model.invalid;
}

}  // namespace

void FakeNode::Plan(AllocationId id, std::int64_t delay_ms,
                    void (FakeNode::*what)(AllocationId, Run&)) {
  const std::uint64_t plan = next_plan_++;
  gangs_.at(id).runs.front().plan = plan;
  world_.clock->After(delay_ms, [this, id, plan, what] {
    const auto it = gangs_.find(id);
    if (it == gangs_.end() || it->second.runs.empty()) return;
    Run& run = it->second.runs.front();
    if (run.plan == plan) (this->*what)(id, run);
  });
}

void FakeNode::Advance(AllocationId id) {
  const auto it = gangs_.find(id);
  if (it == gangs_.end()) return;
  Gang& gang = it->second;
  if (gang.state != GangState::kReady || gang.runs.empty() || gang.runs.front().begun) return;
  if (!world_.whole(gang.order)) return;
  Begin(id, gang.runs.front());
}

void FakeNode::Begin(AllocationId id, Run& run) {
  const AttemptOrder& order = run.order;
  run.begun = true;
  if (!order.resume_from.empty()) {
    const auto checkpoint = world_.checkpoints->find(order.resume_from);
    if (checkpoint == world_.checkpoints->end()) {
      world_.complain("attempt " + ToString(order.attempt) + " resumes from checkpoint '" +
                      order.resume_from + "', which does not exist");
    } else {
      run.position = checkpoint->second;
    }
    if (world_.bug == Bug::kForgetProgress) run.position = 0;
    if (world_.bug == Bug::kSkipProgress) run.position += kMilli;
  }
  run.target = run.position;
  world_.on_begin(order, run.position);
  if (order.stop == AttemptOrder::Stop::kKill) return Exit(id, Outcome::kKilled);
  if (order.stop == AttemptOrder::Stop::kCheckpoint) return Exit(id, Outcome::kPreempted);
  const TrialModel& model = world_.facts(order.experiment).model;
  run.hparams = world_.hparams(order.trial);
  if (IsInvalid(model, run.hparams)) {
    return Exit(id, Outcome::kError, FailureClass::kInvalidHp, "these values cannot be trained");
  }
  const double speed = 1 + model.speed_spread * (2 * rng_.Uniform() - 1);
  run.unit_ms = std::max<std::int64_t>(
      static_cast<std::int64_t>(static_cast<double>(model.unit_ms) * speed), 1);
  Plan(id, model.load_ms, &FakeNode::OnStarted);
}

void FakeNode::OnStarted(AllocationId id, Run& run) {
  run.started = true;
  const TrialModel& model = world_.facts(run.order.experiment).model;
  Say(run, engine::AttemptStarted{0, run.order.attempt, 1000});
  if (run.order.task_id) return EndSoon(id, run, Outcome::kCompleted);
  if (model.peak_memory_bytes > gangs_.at(id).peak_memory_bytes) {
    gangs_.at(id).peak_memory_bytes = model.peak_memory_bytes;
    Heartbeat();
  }
  if (run.order.stop != AttemptOrder::Stop::kRun) return HearStop(id, run);
  TrainOn(id, run);
}

std::int64_t FakeNode::EndOf(const Run& run) const {
  const std::int64_t extra = world_.bug == Bug::kTrainTooLong ? 1 : 0;
  return (world_.facts(run.order.experiment).max_time + extra) * kMilli;
}

std::int64_t FakeNode::NextPoint(const Run& run) const {
  const std::int64_t period = world_.facts(run.order.experiment).validation_period * kMilli;
  std::int64_t point = std::min((run.position / period + 1) * period, EndOf(run));
  if (run.order.run_until > 0) point = std::min(point, run.order.run_until * kMilli);
  return std::max(point, run.position);
}

std::map<std::string, double> FakeNode::MetricsOf(const Run& run) const {
  const ExperimentFacts& facts = world_.facts(run.order.experiment);
  auto metrics =
      facts.model.curve.Metrics(run.hparams, run.order.seed, run.position / kMilli);
  metrics.emplace(facts.metric, metrics.at(facts.smaller_is_better ? "validation_loss"
                                                                   : "validation_accuracy"));
  return metrics;
}

void FakeNode::TrainOn(AllocationId id, Run& run) {
  run.since_ms = world_.clock->now_ms();
  run.target = NextPoint(run);
  const std::int64_t left = run.target - run.position;
  Plan(id, (left * run.unit_ms + kMilli - 1) / kMilli, &FakeNode::OnPoint);
}

void FakeNode::CatchUp(Run& run) const {
  const std::int64_t worked = world_.clock->now_ms() - run.since_ms;
  run.position = std::min(run.target, run.position + worked * kMilli / run.unit_ms);
  run.since_ms = world_.clock->now_ms();
}

void FakeNode::Commit(Run& run) {
  const std::string name = spec_.name + "-c" + std::to_string(next_checkpoint_++);
  (*world_.checkpoints)[name] = run.position;
  const std::int64_t time = run.position / kMilli;
  engine::CheckpointCommitted event{0, run.order.attempt, CheckpointId(), name, "sha-" + name, time,
                                    run.position, 1'000'000, std::nullopt};
  if (time > 0) {
    event.metric = MetricsOf(run).at(world_.facts(run.order.experiment).metric);
  }
  Say(run, std::move(event));
}

void FakeNode::OnPoint(AllocationId id, Run& run) {
  const ExperimentFacts& facts = world_.facts(run.order.experiment);
  const bool trained = run.target > run.position;
  run.position = run.target;
  world_.on_trained(run.order.attempt, run.position);
  const double luck = rng_.Uniform();
  if (trained && luck < world_.weather->crash_per_unit) return EndGang(id, "killed by a signal");
  if (trained && luck < world_.weather->crash_per_unit + world_.weather->fail_per_unit) {
    constexpr FailureClass kClasses[] = {FailureClass::kInfra, FailureClass::kHang,
                                         FailureClass::kNone, FailureClass::kOom};
    return Exit(id, Outcome::kError, kClasses[rng_.Below(4)], "bad luck");
  }
  const std::int64_t time = run.position / kMilli;
  const bool end = run.position >= EndOf(run);
  const bool held = !end && run.order.run_until > 0 &&
                    run.position >= run.order.run_until * kMilli;
  if (trained) {
    Say(run, engine::MetricReported{
                 0, run.order.attempt, facts.counts_epochs ? time : time / 100 + 1, run.position,
                 MetricsOf(run), time});
  }
  const std::int64_t every = facts.model.checkpoint_every;
  if (trained && (end || held || (every > 0 && time % every == 0))) Commit(run);
  if (end) return EndSoon(id, run, Outcome::kCompleted);
  if (held) return Exit(id, Outcome::kHeld);
  TrainOn(id, run);
}

void FakeNode::HearStop(AllocationId id, Run& run) {
  if (run.order.stop == AttemptOrder::Stop::kKill) return Exit(id, Outcome::kKilled);
  if (run.stopping || !run.started) return;  // it ends anyway, or looks when it has started
  CatchUp(run);
  EndSoon(id, run,
          run.order.stop == AttemptOrder::Stop::kFinish ? Outcome::kFinished
                                                        : Outcome::kPreempted);
}

void FakeNode::EndSoon(AllocationId id, Run& run, Outcome outcome) {
  const TrialModel& model = world_.facts(run.order.experiment).model;
  run.stopping = true;
  run.outcome = outcome;
  Plan(id, outcome == Outcome::kPreempted ? model.checkpoint_ms : model.evaluate_ms,
       &FakeNode::OnDone);
}

void FakeNode::OnDone(AllocationId id, Run& run) {
  if (run.outcome == Outcome::kPreempted) {
    world_.on_trained(run.order.attempt, run.position);
    Commit(run);
  }
  Exit(id, run.outcome);
}

void FakeNode::Exit(AllocationId id, Outcome outcome, FailureClass failure,
                    const std::string& message) {
  Gang& gang = gangs_.at(id);
  Run& run = gang.runs.front();
  if (run.begun) world_.on_end(run.order.attempt);
  const bool lost = world_.bug == Bug::kLoseExit && rng_.Below(4) == 0;
  if (!lost) {
    Say(run, engine::AttemptExited{0, run.order.attempt, outcome, failure, message});
  }
  gang.runs.pop_front();
  // A trainer that failed in any way is never used again.
  if (outcome == Outcome::kError || outcome == Outcome::kKilled) return EndGang(id, message);
  Advance(id);
}

}  // namespace tutti::simulation
