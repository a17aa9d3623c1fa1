// Goal: the rules of the scheduler, one by one: shares by weight, preemption, gangs over nodes,
// reservations, labels, drain, shared slots, live changes, and what `why` says of each.
// Method: small clusters told event by event (stage.h); the desired states say what was decided.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/coordinator/engine/stage.h"

namespace tutti::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using State = NodeReported::Allocation::State;

// Slots by experiment, of attempts that run or start and were not told to stop.
std::map<std::int64_t, std::int64_t> Use(const Stage& stage) {
  std::map<std::int64_t, std::int64_t> use;
  for (const auto& [node, gangs] : stage.desired) {
    for (const AllocationOrder& gang : gangs) {
      if (gang.attempts.empty() || !gang.leader) continue;
      const AttemptOrder& front = gang.attempts.front();
      if (front.stop == AttemptOrder::Stop::kRun) use[front.experiment.value] += gang.world_size;
    }
  }
  return use;
}

std::vector<AttemptId> Stopping(const Stage& stage) {
  std::vector<AttemptId> list;
  for (const AttemptId id : stage.Running()) {
    if (stage.OrderOf(id)->stop == AttemptOrder::Stop::kCheckpoint) list.push_back(id);
  }
  return list;
}

// Whoever was told to checkpoint does so; those told since too.
void LetGo(Stage& stage) {
  for (int round = 0; round < 20; ++round) {
    const std::vector<AttemptId> list = Stopping(stage);
    if (list.empty()) return;
    for (const AttemptId id : list) stage.Exit(id, Outcome::kPreempted);
  }
  ADD_FAILURE() << "it never comes to rest";
}

NodeId Join(Stage& stage, const std::string& name, std::int64_t slots,
            std::map<std::string, std::string> labels = {}, bool spans = false,
            std::int64_t memory = 0) {
  NodeJoined event{stage.now_ms += 1000, NodeId(stage.next_node++), name, "default", {}, {},
                   std::move(labels), spans};
  for (std::int64_t i = 0; i < slots; ++i) event.slots.push_back({i, "cpu", memory});
  stage.Apply(event);
  return event.node;
}

std::string Why(const Stage& stage, ExperimentId id) {
  std::string text;
  for (const std::string& line : stage.engine.Why(id)) text += line + "; ";
  return text;
}

TEST(FairShare, SlotsFollowTheWeights) {
  struct Case {
    std::int64_t slots;
    std::vector<double> weights;
    std::map<std::int64_t, std::int64_t> use;
  };
  const Case cases[] = {
      {8, {1, 1}, {{1, 4}, {2, 4}}},
      {8, {1, 3}, {{1, 2}, {2, 6}}},
      {8, {1, 1, 2}, {{1, 2}, {2, 2}, {3, 4}}},
      {6, {1, 1, 1}, {{1, 2}, {2, 2}, {3, 2}}},
  };
  for (const Case& c : cases) {
    Stage all_at_once, one_by_one;
    for (const double weight : c.weights) all_at_once.Submit({.trials = 40, .weight = weight});
    Join(all_at_once, "w1", c.slots);
    EXPECT_EQ(Use(all_at_once), c.use);
    EXPECT_THAT(Stopping(all_at_once), IsEmpty());
    // The first has it all, the others take their shares from it.
    Join(one_by_one, "w1", c.slots);
    for (const double weight : c.weights) {
      one_by_one.Submit({.trials = 40, .weight = weight});
      LetGo(one_by_one);
    }
    EXPECT_EQ(Use(one_by_one), c.use);
  }
}

TEST(FairShare, IsKeptWhileTrialsComeAndGoAndNothingIsTakenBackAndForth) {
  Stage stage;
  Join(stage, "w1", 4);
  stage.Join("w2", 4);
  stage.Submit({.trials = 30, .weight = 1});
  stage.Submit({.trials = 30, .weight = 3});
  LetGo(stage);
  for (int i = 0; i < 20; ++i) {
    stage.Complete(stage.Running()[static_cast<std::size_t>(i * 3 % 8)]);
    EXPECT_THAT(Stopping(stage), IsEmpty()) << "after " << i;
    EXPECT_EQ(Use(stage), (std::map<std::int64_t, std::int64_t>{{1, 2}, {2, 6}})) << "after " << i;
  }
}

TEST(FairShare, OneThatHasLessThanAGangBelowItsShareWaitsForATurn) {
  Stage stage;
  const NodeId node = Join(stage, "w1", 2);
  for (int i = 0; i < 2; ++i) stage.Submit({.trials = 4});
  LetGo(stage);
  stage.Submit({.trials = 4});
  stage.ReportDesired(node);
  EXPECT_THAT(Stopping(stage), IsEmpty()) << "nobody has two more than the third";
  EXPECT_EQ(Use(stage), (std::map<std::int64_t, std::int64_t>{{1, 1}, {2, 1}}));
  std::map<std::int64_t, int> served;
  for (int i = 0; i < 9; ++i) {
    const AttemptId next = std::min(stage.Running()[0], stage.Running()[1]);  // the older one
    ++served[stage.OrderOf(next)->experiment.value];
    stage.Complete(next);
  }
  EXPECT_EQ(served.size(), 3u);
  for (const auto& [id, n] : served) EXPECT_GE(n, 2) << id;
}

TEST(Preemption, AMoreImportantTrialTakesTheYoungestOfTheLeastImportantAndItResumes) {
  Stage stage;
  const NodeId node = Join(stage, "w1", 3);
  stage.Submit({.priority = 50});
  stage.Submit({.trials = 2, .priority = 60});
  stage.ReportDesired(node);
  for (const AttemptId id : stage.Running()) stage.Start(id);
  const AttemptId youngest = stage.Running().back();
  const TrialId victim = stage.OrderOf(youngest)->trial;
  const ExperimentId urgent = stage.Submit({.priority = 1});
  ASSERT_THAT(Stopping(stage), ElementsAre(youngest));
  EXPECT_THAT(stage.engine.Why(ExperimentId(2), victim),
              Contains(HasSubstr("preempted by experiment 3 (priority 1) at 1970-01-01 00:")));
  stage.Commit(youngest, 1, 0.5);
  stage.Exit(youngest, Outcome::kPreempted);
  EXPECT_EQ(Use(stage), (std::map<std::int64_t, std::int64_t>{{1, 1}, {2, 1}, {3, 1}}));
  EXPECT_EQ(stage.trials.at(victim).state, "QUEUED");
  EXPECT_EQ(stage.trials.at(victim).restarts, 0);
  EXPECT_THAT(Why(stage, ExperimentId(2)), HasSubstr("needs 1 slot in pool default; 0 of 3 free"));
  for (const AttemptId id : stage.Running()) {
    if (stage.OrderOf(id)->experiment == urgent) stage.Complete(id);
  }
  const auto resumed = stage.OrderOf(stage.Running().back());
  EXPECT_EQ(resumed->trial, victim);
  EXPECT_EQ(resumed->resume_from, "c1");
}

TEST(Preemption, EqualOnesAreNotTakenForTheirPriority) {
  Stage stage;
  Join(stage, "w1", 1);
  stage.Submit({.priority = 10});
  stage.Submit({.priority = 10});
  EXPECT_THAT(Stopping(stage), IsEmpty());
}

TEST(Preemption, TheSmallestSetThatMakesEnoughRoom) {
  Stage stage;
  const NodeId one = Join(stage, "w1", 4), two = Join(stage, "w2", 4);
  stage.Submit({.slots_per_trial = 3, .priority = 60});        // w1, one slot left
  stage.Submit({.trials = 5, .priority = 60});                 // the others
  stage.ReportDesired(one);
  stage.ReportDesired(two);
  ASSERT_EQ(Use(stage), (std::map<std::int64_t, std::int64_t>{{1, 3}, {2, 5}}));
  // Two of one slot on w2 cost two slots; the gang of three would cost three.
  stage.Submit({.slots_per_trial = 2, .priority = 5});
  std::vector<NodeId> from;
  for (const AttemptId id : Stopping(stage)) {
    EXPECT_EQ(stage.OrderOf(id)->experiment, ExperimentId(2));
  }
  EXPECT_THAT(Stopping(stage), SizeIs(2));
}

TEST(GangsOverNodes, TwelveSlotsOnTwoNodesOfEight) {
  Stage stage;
  const NodeId one = Join(stage, "w1", 8, {}, true), two = Join(stage, "w2", 8, {}, true);
  stage.Submit({.slots_per_trial = 12});
  ASSERT_THAT(stage.Gangs(one), SizeIs(1));
  ASSERT_THAT(stage.Gangs(two), SizeIs(1));
  const AllocationOrder rest = stage.Gangs(one)[0];
  const AllocationOrder lead = stage.Gangs(two)[0];
  EXPECT_EQ(lead.allocation, rest.allocation);
  EXPECT_TRUE(lead.leader);
  EXPECT_FALSE(rest.leader);
  EXPECT_EQ(lead.world_size, 12);
  EXPECT_EQ(rest.world_size, 12);
  EXPECT_THAT(lead.slots, SizeIs(8));
  EXPECT_THAT(rest.slots, SizeIs(4));
  EXPECT_EQ(lead.first_rank, 0);
  EXPECT_EQ(rest.first_rank, 8);
  ASSERT_THAT(lead.parts, SizeIs(2));
  EXPECT_EQ(lead.parts[1].name, "w1");
  // What is left of the second node is used.
  stage.Submit({.slots_per_trial = 4});
  EXPECT_THAT(stage.Gangs(one), SizeIs(2));
}

TEST(GangsOverNodes, OneNodeIfItFitsElseTheFewest) {
  struct Case {
    std::vector<std::int64_t> nodes;
    std::int64_t world;
    std::vector<std::int64_t> parts;
  };
  const Case cases[] = {{{4, 8}, 4, {4}},       {{4, 8}, 6, {6}},      {{2, 4, 4}, 6, {4, 2}},
                        {{3, 4, 4}, 5, {4, 1}}, {{2, 2, 2}, 6, {2, 2, 2}}, {{1, 5, 4}, 9, {5, 4}}};
  for (const Case& c : cases) {
    Stage stage;
    for (const std::int64_t slots : c.nodes) Join(stage, "w", slots, {}, true);
    stage.Submit({.slots_per_trial = c.world});
    std::vector<std::int64_t> parts;
    for (const auto& [node, gangs] : stage.desired) {
      for (const AllocationOrder& gang : gangs) {
        if (!gang.leader) continue;
        for (const auto& part : gang.parts) parts.push_back(std::int64_t(part.slots.size()));
        if (gang.parts.empty()) parts.push_back(std::int64_t(gang.slots.size()));
      }
    }
    EXPECT_EQ(parts, c.parts) << c.world;
  }
}

TEST(GangsOverNodes, EndWithAnyOfTheirNodesAndFreeTheirSlotsOneByOne) {
  Stage stage;
  const NodeId one = Join(stage, "w1", 2, {}, true), two = Join(stage, "w2", 2, {}, true);
  stage.Submit({.slots_per_trial = 4});
  stage.ReportDesired(one);
  stage.ReportDesired(two);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  stage.Apply(NodeLost{stage.now_ms += 1000, two});
  EXPECT_EQ(stage.attempts.at(attempt).state, "LOST");
  EXPECT_THAT(stage.TrialStates(ExperimentId(1)), ElementsAre("QUEUED"));
  EXPECT_THAT(stage.Gangs(one), IsEmpty()) << "the other part is given up";
  stage.Submit({.slots_per_trial = 2, .priority = 1});
  EXPECT_THAT(stage.Gangs(one), IsEmpty()) << "and holds its slots until its node has let go";
  stage.Report(one, {});
  EXPECT_THAT(stage.Gangs(one), SizeIs(1));
}

TEST(GangsOverNodes, OnlyOnNodesThatCanAndUnlessForbidden) {
  Stage stage;
  Join(stage, "w1", 2, {}, true);
  Join(stage, "w2", 2, {}, false);
  const ExperimentId id = stage.Submit({.slots_per_trial = 3});
  EXPECT_THAT(stage.Running(), IsEmpty());
  EXPECT_THAT(Why(stage, id), HasSubstr("needs 3 slots of pool default; the largest node has 2 and "
                                        "the 1 node that can take part in gangs over several"));
  Join(stage, "w3", 2, {}, true);
  EXPECT_THAT(stage.Running(), testing::Not(IsEmpty()));
  const auto single = Document({.slots_per_trial = 3, .single_node = true});
  EXPECT_THAT(stage.engine.CheckPlaceable(single).error().ToString(),
              HasSubstr("on one node of pool default; the largest node has 2 and is_single_node"));
}

TEST(Backfill, UsesWhatTheFirstInTheQueueCannotAndNeverDelaysIt) {
  Stage stage;
  const NodeId one = Join(stage, "w1", 4), two = Join(stage, "w2", 4);
  stage.Submit({.slots_per_trial = 2, .priority = 10});  // w1
  stage.Submit({.slots_per_trial = 3, .priority = 10});  // w2, since it needs three
  stage.ReportDesired(one);
  stage.ReportDesired(two);
  const AttemptId on_w1 = stage.Running()[0];
  const ExperimentId head = stage.Submit({.slots_per_trial = 4, .priority = 10});
  const ExperimentId small = stage.Submit({.trials = 5, .priority = 20});
  // w1 is nearer to having four: its two free slots are kept, the one on w2 is used.
  EXPECT_EQ(Use(stage), (std::map<std::int64_t, std::int64_t>{{1, 2}, {2, 3}, {small.value, 1}}));
  EXPECT_THAT(Why(stage, head), HasSubstr("first in the queue"));
  EXPECT_THAT(Why(stage, small), HasSubstr("behind experiment 3 (priority 10)"));
  stage.Complete(on_w1);
  stage.Report(one, {});
  EXPECT_EQ(Use(stage)[head.value], 4) << "it starts as soon as w1 is empty";
}

TEST(Labels, DecideWhichNodesAreUsed) {
  Stage stage;
  Join(stage, "w1", 2, {{"zone", "a"}});
  const NodeId b = Join(stage, "w2", 2, {{"zone", "b"}, {"disk", "ssd"}});
  const ExperimentId id = stage.Submit({.trials = 3, .labels = {{"zone", "b"}}});
  EXPECT_EQ(Use(stage)[id.value], 2);
  EXPECT_THAT(stage.Gangs(b), SizeIs(2));
  EXPECT_THAT(Why(stage, id), HasSubstr("needs 1 slot in pool default with zone=b; 0 of 2 free"));
  EXPECT_THAT(stage.engine.CheckPlaceable(Document({.labels = {{"zone", "c"}}})).error().ToString(),
              HasSubstr("no worker of pool default has the labels zone=c"));
}

TEST(Drain, GivesNoNewWorkAndNowMovesWhatRuns) {
  Stage stage;
  const NodeId one = Join(stage, "w1", 1);
  const ExperimentId id = stage.Submit({.trials = 4});
  stage.ReportDesired(one);
  const AttemptId first = stage.Running().front();
  stage.Start(first);
  ASSERT_THAT(stage.Ahead(), SizeIs(1));
  const AttemptId ahead = stage.Ahead().front();
  stage.Apply(NodeDrainRequested{stage.now_ms += 1000, one, true, false});
  EXPECT_EQ(stage.OrderOf(first)->stop, AttemptOrder::Stop::kRun);
  EXPECT_EQ(stage.OrderOf(ahead)->stop, AttemptOrder::Stop::kCheckpoint) << "it has not begun";
  stage.Exit(ahead, Outcome::kPreempted);
  EXPECT_TRUE(stage.nodes.at(one).draining);
  EXPECT_THAT(Why(stage, id), HasSubstr("every worker of pool default is being drained"));
  const NodeId two = Join(stage, "w2", 1);
  EXPECT_THAT(stage.Gangs(two), SizeIs(1));
  stage.Apply(NodeDrainRequested{stage.now_ms += 1000, one, true, true});
  EXPECT_EQ(stage.OrderOf(first)->stop, AttemptOrder::Stop::kCheckpoint);
  stage.Exit(first, Outcome::kPreempted);
  EXPECT_THAT(stage.Gangs(one), IsEmpty());
  EXPECT_EQ(stage.trials.at(TrialId(1)).restarts, 0);
  stage.Report(one, {});
  EXPECT_THAT(stage.Gangs(one), IsEmpty());
  stage.Apply(NodeDrainRequested{stage.now_ms += 1000, one, false, false});
  EXPECT_THAT(stage.Gangs(one), SizeIs(1));
}

TEST(SharedSlots, TheFirstRunsAloneUntilItsMemoryIsKnown) {
  struct Case {
    std::int64_t peak, max_per_slot, gangs;
  };
  // 1000 bytes a slot, a tenth in reserve.
  for (const Case& c : {Case{300, 4, 3}, {300, 2, 2}, {900, 4, 1}, {10, 4, 4}, {0, 4, 1}}) {
    Stage stage;
    const NodeId node = Join(stage, "w1", 1, {}, false, 1000);
    const ExperimentId id = stage.Submit({.trials = 9, .max_per_slot = c.max_per_slot});
    ASSERT_THAT(stage.Gangs(node), SizeIs(1));
    if (c.max_per_slot > 1 && c.peak == 0) {
      EXPECT_THAT(Why(stage, id), HasSubstr("once it is known how much memory one needs"));
    }
    stage.Report(node, {{stage.Gangs(node)[0].allocation, State::kReady, "", c.peak}});
    EXPECT_THAT(stage.Gangs(node), SizeIs(static_cast<std::size_t>(c.gangs))) << c.peak;
    for (const AllocationOrder& gang : stage.Gangs(node)) EXPECT_THAT(gang.slots, ElementsAre(0));
  }
}

TEST(SharedSlots, CountOnceForTheirShareAndAreNotForOthers) {
  Stage stage;
  const NodeId node = Join(stage, "w1", 2, {}, false, 1000);
  stage.Submit({.trials = 6, .max_slots = 1, .max_per_slot = 2});
  stage.Report(node, {{stage.Gangs(node)[0].allocation, State::kReady, "", 100}});
  EXPECT_THAT(stage.Gangs(node), SizeIs(2)) << "two on one slot are one slot";
  stage.Submit({.trials = 2});
  ASSERT_THAT(stage.Gangs(node), SizeIs(3));
  EXPECT_THAT(stage.Gangs(node)[2].slots, ElementsAre(1));
}

TEST(LiveChanges, TakeEffectAtOnce) {
  Stage stage;
  Join(stage, "w1", 4);
  const ExperimentId a = stage.Submit({.trials = 9}), b = stage.Submit({.trials = 9});
  LetGo(stage);
  ASSERT_EQ(Use(stage), (std::map<std::int64_t, std::int64_t>{{1, 2}, {2, 2}}));
  ExperimentSettingsChanged weight{stage.now_ms += 1000, b, {}, 3.0, {}, {}, {}, {}};
  stage.Apply(weight);
  LetGo(stage);
  EXPECT_EQ(Use(stage), (std::map<std::int64_t, std::int64_t>{{1, 1}, {2, 3}}));
  stage.Apply(ExperimentSettingsChanged{stage.now_ms += 1000, b, {}, {}, 1, {}, {}, {}});
  LetGo(stage);
  EXPECT_EQ(Use(stage), (std::map<std::int64_t, std::int64_t>{{1, 3}, {2, 1}}));
  stage.Apply(ExperimentSettingsChanged{stage.now_ms += 1000, b, {}, {}, 0, {}, {}, {}});
  stage.Apply(ExperimentSettingsChanged{stage.now_ms += 1000, b, 1, {}, {}, {}, {}, {}});
  LetGo(stage);
  EXPECT_EQ(Use(stage), (std::map<std::int64_t, std::int64_t>{{2, 4}}));
  EXPECT_THAT(Why(stage, a), HasSubstr("behind experiment 2 (priority 1)"));
  for (const auto& [id, row] : stage.trials) EXPECT_EQ(row.restarts, 0);
}

TEST(AttemptsAhead, AreAboutASecondOfWork) {
  struct Case {
    std::int64_t ms, depth;
  };
  for (const Case& c : {Case{5000, 2}, {250, 4}, {100, 8}, {1, 32}}) {
    Stage stage({.idle_allocation_ms = 60'000, .attempts_ahead = 32});
    const NodeId node = Join(stage, "w1", 1);
    stage.Submit({.trials = 200});
    stage.ReportDesired(node);
    for (int i = 0; i < 3; ++i) {
      const AttemptId id = stage.Running().front();
      stage.Apply(AttemptStarted{stage.now_ms, id, 10});
      stage.Apply(AttemptExited{stage.now_ms += c.ms, id, Outcome::kCompleted, {}, ""});
    }
    EXPECT_THAT(stage.Gangs(node)[0].attempts, SizeIs(static_cast<std::size_t>(c.depth))) << c.ms;
  }
}

}  // namespace
}  // namespace tutti::engine
