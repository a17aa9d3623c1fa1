// Goal: who becomes a member of which ensemble, when it is ordered, and what its end means for the
// experiment.
// Method: experiments with an `ensemble` section told event by event (stage.h); every event is
// audited.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "coordinator/engine/ensembles.h"
#include "tests/coordinator/engine/stage.h"

namespace tutti::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::int64_t> Trials(const std::vector<EnsembleMember>& members) {
  std::vector<std::int64_t> ids;
  for (const EnsembleMember& member : members) ids.push_back(member.trial.value);
  return ids;
}

// Runs every attempt to its end; the n-th trial's loss is losses[n - 1], none fails it.
void Train(Stage& stage, const std::vector<std::optional<double>>& losses) {
  while (!stage.Running().empty()) {
    const AttemptId attempt = stage.Running().front();
    const auto index = static_cast<std::size_t>(stage.OrderOf(attempt)->trial_no - 1);
    if (losses.at(index)) {
      stage.Complete(attempt, *losses[index]);
    } else {
      stage.Exit(attempt, Outcome::kError, FailureClass::kUser, "no such file");
    }
    for (const auto& [node, gangs] : stage.desired) stage.ReportDesired(node);
  }
}

TEST(Ensembles, ReplicatesOfAConfigurationAreEvaluatedAsSoonAsTheyHaveEnded) {
  Stage stage;
  const ExperimentId id =
      stage.Submit({.trials = 2, .replicates = 2, .members = R"({"replicates": 2})"});
  ASSERT_THAT(stage.ensembles, SizeIs(2));
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).state, "FORMING");
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).name, "sweep, configuration 1");
  EXPECT_EQ(stage.ensembles.at(EnsembleId(2)).configuration_no, 2);
  stage.Join("w1", 1);
  stage.Complete(stage.Running().front());
  EXPECT_THAT(stage.evaluations, IsEmpty());
  stage.Complete(stage.Running().front());
  ASSERT_THAT(stage.evaluations, SizeIs(1));
  EXPECT_EQ(stage.evaluations[0].ensemble, EnsembleId(1));
  EXPECT_THAT(Trials(stage.evaluations[0].members), ElementsAre(1, 2));
  EXPECT_EQ(stage.evaluations[0].spec.GetString("combine").value(), "mean_probability");
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).state, "EVALUATING");

  // The other configuration goes on meanwhile; the experiment waits for both ensembles.
  stage.Complete(stage.Running().front());
  stage.Complete(stage.Running().front());
  EXPECT_EQ(stage.State(id), "ACTIVE");
  EXPECT_EQ(stage.engine.View(id)->reason, "evaluating 2 ensembles");
  stage.Evaluated(EnsembleId(2), true);
  EXPECT_EQ(stage.engine.View(id)->reason, "evaluating ensemble 1");
  stage.Evaluated(EnsembleId(1), true, "over 9,990 items");
  EXPECT_EQ(stage.State(id), "COMPLETED");
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).state, "COMPLETED");
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).message, "over 9,990 items");
  EXPECT_THAT(stage.engine.View(id)->ensembles, SizeIs(2));
}

TEST(Ensembles, WhoeverFailedIsLeftOutWithTheReason) {
  Stage stage;
  const ExperimentId id = stage.Submit({.trials = 4, .members = "\"all\""});
  stage.Join("w1", 1);
  Train(stage, {0.5, std::nullopt, std::numeric_limits<double>::quiet_NaN(), 0.4});
  ASSERT_THAT(stage.evaluations, SizeIs(1));
  EXPECT_THAT(Trials(stage.evaluations[0].members), ElementsAre(1, 4));
  const PersistEnsemble& row = stage.ensembles.at(EnsembleId(1));
  ASSERT_THAT(row.left_out, SizeIs(2));
  EXPECT_EQ(row.left_out[0].trial, TrialId(2));
  EXPECT_EQ(row.left_out[0].reason, "ERROR: USER: no such file");
  EXPECT_EQ(row.left_out[1].reason, "reported no finite validation_loss");
  stage.Evaluated(EnsembleId(1), true);
  EXPECT_EQ(stage.State(id), "COMPLETED");
}

TEST(Ensembles, TooFewMembersFailTheEnsembleAndTheExperiment) {
  Stage stage;
  const ExperimentId id =
      stage.Submit({.trials = 3, .members = "\"all\"", .min_members = 3});
  stage.Join("w1", 1);
  Train(stage, {0.5, std::nullopt, 0.4});
  EXPECT_THAT(stage.evaluations, IsEmpty());
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).state, "FAILED");
  EXPECT_EQ(stage.State(id), "ERROR");
  EXPECT_EQ(stage.experiments.at(id).message,
            "ensemble 1 (sweep): 2 members are left and min_members is 3; trial 1.2: ERROR: USER: "
            "no such file");
}

TEST(Ensembles, TheBestAreTakenByValueAndEqualsByTrial) {
  Stage stage;
  stage.Submit({.trials = 5, .members = R"({"best": 3})"});
  stage.Join("w1", 2);
  Train(stage, {0.5, 0.3, 0.5, std::nullopt, 0.1});
  ASSERT_THAT(stage.evaluations, SizeIs(1));
  EXPECT_THAT(Trials(stage.evaluations[0].members), ElementsAre(5, 2, 1));
  // Who merely was not among the best has not failed.
  EXPECT_THAT(stage.ensembles.at(EnsembleId(1)).left_out, SizeIs(1));
}

TEST(Ensembles, SnapshotsAreTheCheckpointsOfFixedEpochsEvenIfTheirFilesAreGone) {
  Stage stage;
  const ExperimentId id =
      stage.Submit({.epochs = 10, .members = R"({"snapshots": 4})"});
  stage.Join("w1", 1);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  for (std::int64_t epoch = 1; epoch <= 10; ++epoch) {
    stage.Metric(attempt, epoch, 1.0 / static_cast<double>(epoch));
    stage.Commit(attempt, epoch, 1.0 / static_cast<double>(epoch));
  }
  EXPECT_EQ(stage.checkpoints, std::set<std::string>{"c10"});
  stage.Exit(attempt, Outcome::kCompleted);
  ASSERT_THAT(stage.evaluations, SizeIs(1));
  std::vector<std::string> names;
  for (const EnsembleMember& member : stage.evaluations[0].members) {
    EXPECT_EQ(member.trial, TrialId(1));
    names.push_back(member.checkpoint_name);
  }
  EXPECT_THAT(names, ElementsAre("c3", "c5", "c8", "c10"));
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).name, "sweep, snapshots of 1.1");
  stage.Evaluated(EnsembleId(1), false, "no stored predictions of c3");
  EXPECT_EQ(stage.State(id), "ERROR");
  EXPECT_THAT(stage.experiments.at(id).message, HasSubstr("no stored predictions of c3"));
}

TEST(Ensembles, AnEpochTrainedAgainCountsAsTrainedLastAndAMissingOneIsLeftOut) {
  Stage stage;
  stage.Submit({.epochs = 3, .members = R"({"snapshots": 3})"});
  stage.Join("w1", 1);
  const AttemptId first = stage.Running().front();
  stage.Start(first);
  stage.Commit(first, 1, 0.5);
  stage.Exit(first, Outcome::kError, FailureClass::kInfra, "lost");
  stage.Report(NodeId(1), {});
  const AttemptId second = stage.Running().front();
  stage.Start(second);
  stage.Metric(second, 1, 0.5);
  stage.Commit(second, 1, 0.5);
  stage.Commit(second, 3, 0.4);
  stage.Exit(second, Outcome::kCompleted);
  ASSERT_THAT(stage.evaluations, SizeIs(1));
  EXPECT_THAT(stage.evaluations[0].members,
              ElementsAre(EnsembleMember{TrialId(1), "c2"}, EnsembleMember{TrialId(1), "c3"}));
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).left_out.at(0).reason,
            "has no checkpoint of epoch 2");
}

TEST(Ensembles, SnapshotEpochsAreRoundedShares) {
  EXPECT_EQ(SnapshotEpochs(10, 3), (std::set<std::int64_t>{3, 7, 10}));
  EXPECT_EQ(SnapshotEpochs(10, 4), (std::set<std::int64_t>{3, 5, 8, 10}));
  EXPECT_EQ(SnapshotEpochs(5, 5), (std::set<std::int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(SnapshotEpochs(2, 5), (std::set<std::int64_t>{1, 2}));
  EXPECT_EQ(SnapshotEpochs(1, 1), (std::set<std::int64_t>{1}));
}

TEST(Ensembles, AQueryIsAskedWhenAllTrialsHaveEndedAndTheEvaluatorNamesTheMembers) {
  Stage stage;
  const ExperimentId id =
      stage.Submit({.trials = 2, .members = R"({"query": "SELECT trial FROM v_leaderboard"})"});
  stage.Join("w1", 1);
  Train(stage, {0.5, 0.4});
  ASSERT_THAT(stage.evaluations, SizeIs(1));
  EXPECT_THAT(stage.evaluations[0].members, IsEmpty());
  EXPECT_EQ(stage.evaluations[0].spec.FindPath("members.query")->AsString(),
            "SELECT trial FROM v_leaderboard");
  stage.Apply(EnsembleEvaluated{
      9'000'000, EnsembleId(1), true, "", {{TrialId(2), ""}, {TrialId(1), "c7"}}});
  ASSERT_THAT(stage.ensembles.at(EnsembleId(1)).members, SizeIs(2));
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).members[1].checkpoint_name, "c7");
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).members[1].position, 1);
  EXPECT_EQ(stage.State(id), "COMPLETED");
}

TEST(Ensembles, WithoutACompletedTrialThatIsTheReason) {
  for (const char* members : {R"("all")", R"({"query": "SELECT 1"})", R"({"snapshots": 2})"}) {
    Stage stage;
    const ExperimentId id = stage.Submit({.trials = 2, .members = members});
    stage.Join("w1", 1);
    Train(stage, {std::nullopt, std::nullopt});
    EXPECT_THAT(stage.evaluations, IsEmpty());
    EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).state, "FAILED");
    EXPECT_THAT(stage.experiments.at(id).message, HasSubstr("no trial completed; trial 1.1"));
  }
}

TEST(Ensembles, CancellingFailsThemAndALateResultChangesNothing) {
  Stage stage;
  const ExperimentId id =
      stage.Submit({.trials = 2, .replicates = 2, .members = R"({"replicates": 2})"});
  stage.Join("w1", 1);
  stage.Complete(stage.Running().front());
  stage.Complete(stage.Running().front());
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).state, "EVALUATING");
  stage.Act(Action::kKill, id);
  stage.Exit(stage.Running().front(), Outcome::kKilled);
  EXPECT_EQ(stage.State(id), "CANCELLED");
  for (const auto& [ensemble, row] : stage.ensembles) {
    EXPECT_EQ(row.state, "FAILED");
    EXPECT_EQ(row.message, "the experiment was cancelled");
  }
  EXPECT_THAT(stage.engine.OpenEvaluations(), IsEmpty());
  EXPECT_THAT(stage.Apply(EnsembleEvaluated{9'000'000, EnsembleId(1), true, "", {}}), IsEmpty());
}

TEST(Ensembles, APausedExperimentStillEndsWithItsEnsemble) {
  Stage stage;
  const ExperimentId id = stage.Submit({.trials = 2, .members = "\"all\""});
  stage.Join("w1", 1);
  Train(stage, {0.5, 0.4});
  stage.Act(Action::kPause, id);
  EXPECT_EQ(stage.State(id), "PAUSED");
  stage.Evaluated(EnsembleId(1), true);
  EXPECT_EQ(stage.State(id), "COMPLETED");
}

TEST(Ensembles, WhatIsBeingEvaluatedIsOrderedAgainAfterARestart) {
  Stage stage;
  stage.Submit({.trials = 2, .members = "\"all\""});
  stage.Join("w1", 1);
  Train(stage, {0.5, 0.4});
  auto restored = Engine::Restore(stage.engine.Snapshot(), {});
  ASSERT_TRUE(restored.ok()) << restored.error().ToString();
  const auto open = restored->OpenEvaluations();
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(ToJson(Command(open[0])).Dump(), ToJson(Command(stage.evaluations[0])).Dump());
}

TEST(AdHoc, IsEvaluatedAtOnceAndAgainWithAnotherCombiner) {
  Stage stage;
  stage.Submit({.trials = 2});
  stage.Join("w1", 1);
  Train(stage, {0.5, 0.4});
  const EnsembleId id = stage.engine.next_ensemble();
  stage.Apply(EnsembleRequested{1, id, "both", Json::MakeObject({{"combine", "mean_logit"}}),
                                {{TrialId(1), ""}, {TrialId(2), "c9"}}});
  ASSERT_THAT(stage.evaluations, SizeIs(1));
  EXPECT_EQ(stage.ensembles.at(id).combine, "mean_logit");
  EXPECT_EQ(stage.ensembles.at(id).min_members, 2);
  EXPECT_EQ(stage.ensembles.at(id).experiment, ExperimentId());
  EXPECT_NE(stage.engine.next_ensemble(), id);
  stage.Evaluated(id, true);
  EXPECT_EQ(stage.engine.FindEnsemble(id)->state, "COMPLETED");

  const Json again = Json::MakeObject({{"combine", "greedy"}});
  stage.Apply(EnsembleRequested{2, id, "ignored", again, {}});
  ASSERT_THAT(stage.evaluations, SizeIs(2));
  EXPECT_THAT(Trials(stage.evaluations[1].members), ElementsAre(1, 2));
  EXPECT_EQ(stage.ensembles.at(id).name, "both");
  EXPECT_EQ(stage.ensembles.at(id).combine, "greedy");
  stage.Evaluated(id, false, "no validation split that all members share");
  EXPECT_EQ(stage.ensembles.at(id).state, "COMPLETED") << "its earlier results are still there";
  EXPECT_THAT(stage.ensembles.at(id).message, HasSubstr("no validation split"));
}

TEST(AdHoc, WhatCouldNotBeEvaluatedIsFailedAndMayBeAskedAgain) {
  Stage stage;
  stage.Submit({.trials = 2});
  stage.Join("w1", 1);
  Train(stage, {0.5, 0.4});
  const EnsembleId id = stage.engine.next_ensemble();
  stage.Apply(EnsembleRequested{1, id, "", Json::MakeObject({}), {{TrialId(1), ""}}});
  stage.Evaluated(id, false, "1 member");
  EXPECT_EQ(stage.ensembles.at(id).state, "FAILED");
  stage.Apply(EnsembleRequested{2, id, "", Json::MakeObject({{"min_members", 1}}), {}});
  stage.Evaluated(id, true);
  EXPECT_EQ(stage.ensembles.at(id).state, "COMPLETED");
  stage.Apply(EnsembleRequested{3, stage.engine.next_ensemble(), "", Json::MakeObject({}),
                                {{TrialId(77), ""}}});
  EXPECT_EQ(stage.ensembles.at(EnsembleId(2)).state, "FAILED");
  EXPECT_EQ(stage.ensembles.at(EnsembleId(2)).message, "there is no trial with id 77");
}

}  // namespace
}  // namespace tutti::engine
