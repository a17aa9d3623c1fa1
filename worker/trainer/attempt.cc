#include "worker/trainer/attempt.h"

namespace tutti::trainer {

Result<AttemptOrder> ReadAttemptOrder(const Json& run) {
  AttemptOrder order;
  order.received = std::chrono::steady_clock::now();
  TUTTI_ASSIGN_OR_RETURN(order.attempt, run.GetInt("attempt"));
  TUTTI_ASSIGN_OR_RETURN(order.experiment, run.GetInt("experiment"));
  TUTTI_ASSIGN_OR_RETURN(order.trial, run.GetInt("trial"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t seed, run.GetInt("seed"));
  order.seed = static_cast<std::uint64_t>(seed);
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t threads, run.GetInt("threads"));
  if (threads < 1 || threads > 4096) {
    return InvalidArgument("threads is " + std::to_string(threads) + ", expected 1 to 4096");
  }
  order.threads = static_cast<int>(threads);
  TUTTI_ASSIGN_OR_RETURN(order.data_root, run.GetString("data_root"));
  TUTTI_ASSIGN_OR_RETURN(order.checkpoint_root, run.GetString("checkpoint_root"));
  TUTTI_ASSIGN_OR_RETURN(order.resume_from, run.GetString("resume_from"));
  TUTTI_ASSIGN_OR_RETURN(order.resume_sha256, run.GetString("resume_sha256"));
  if (run.Find("run_until") != nullptr) {
    TUTTI_ASSIGN_OR_RETURN(order.run_until, run.GetInt("run_until"));
  }
  if (run.Find("finish") != nullptr) {
    TUTTI_ASSIGN_OR_RETURN(order.finish, run.GetBool("finish"));
  }
  if (run.Find("weights_from") != nullptr) {
    TUTTI_ASSIGN_OR_RETURN(order.weights_from, run.GetString("weights_from"));
    TUTTI_ASSIGN_OR_RETURN(order.weights_sha256, run.GetString("weights_sha256"));
  }
  if (const Json* task = run.Find("task"); task != nullptr) {
    order.task = *task;
    TUTTI_ASSIGN_OR_RETURN(order.task_id, run.GetInt("task_id"));
  }
  const Json* config = run.Find("config");
  if (config == nullptr) return InvalidArgument("the run record has no config");
  TUTTI_ASSIGN_OR_RETURN(order.config, ReadExperimentConfig(*config));
  return order;
}

}  // namespace tutti::trainer
