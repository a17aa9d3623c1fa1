// Goal: what is watched of a trial is counted in what its search counts in. Method: views made by
// hand, and a progress board.
#include "coordinator/service/experiment_views.h"

#include <gtest/gtest.h>

#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

// Of a running trial: its newest validation was at 40 of 400, its worker says epoch 1.5 of 2, step 60.
v1::WatchUpdate Watched(const std::string& time_metric, std::int64_t max_time = 400) {
  engine::TrialView trial;
  trial.row.state = "RUNNING";
  trial.attempt = AttemptId(7);
  trial.time_done = time_metric == "epochs" ? 1 : 40;
  trial.max_time = max_time;
  engine::ExperimentView view;
  view.time_metric = time_metric;
  view.trials = {trial};
  ProgressBoard board;
  board.Set(AttemptId(7), {1.5, 2, 60, 1000, "train"});
  return ToWatchUpdate(view, board);
}

TEST(WatchUpdate, CountsInTheTimeMetric) {
  EXPECT_EQ(Watched("epochs", 2).time_metric(), "epochs");
  EXPECT_EQ(Watched("epochs", 2).trials(0).time(), 1.5);
  EXPECT_EQ(Watched("epochs", 0).trials(0).max_time(), 2);
  EXPECT_EQ(Watched("batches").time_metric(), "batches");
  EXPECT_EQ(Watched("batches").trials(0).time(), 60);
  EXPECT_EQ(Watched("batches").trials(0).max_time(), 400);
  EXPECT_EQ(Watched("batches", 0).trials(0).max_time(), 0) << "epochs are no batches";
}

TEST(WatchUpdate, OnlyValidationsTellHowFarAMetricOfTheProgramIs) {
  EXPECT_EQ(Watched("words").trials(0).time(), 40);
  EXPECT_EQ(Watched("words").trials(0).images_per_second(), 1000);
}

TEST(SummarizeHparams, IsShort) {
  EXPECT_EQ(SummarizeHparams(Json::MakeObject(
                {{"training.optimizer.lr", 0.007543933341630493}, {"width", 64}, {"kind", "a"}})),
            "lr=0.00754393 width=64 kind=a");
}

}  // namespace
}  // namespace tutti
