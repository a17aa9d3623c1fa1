#include "worker/entrypoint/attempt_order.h"

#include <string_view>

#include "experiments/core/program_limits.h"

namespace tutti::entrypoint {
namespace {

Status ReadLimit(const Program& program, std::string_view name, std::chrono::milliseconds& limit) {
  const auto it = program.environment.find(std::string(name));
  if (it == program.environment.end()) return Ok{};
  const auto seconds = ParseProgramLimit(it->second);
  if (!seconds) {
    return InvalidArgument("environment." + std::string(name) + " " + seconds.error().message());
  }
  limit = std::chrono::seconds(*seconds);
  return Ok{};
}

Result<Program> ReadProgram(const Json& config) {
  Program program;
  const Json* argv = config.Find("entrypoint");
  if (argv == nullptr || !argv->is_array() || argv->size() == 0) {
    return InvalidArgument("the configuration has no entrypoint");
  }
  for (const Json& argument : argv->AsArray()) {
    if (!argument.is_string()) return InvalidArgument("an item of entrypoint is no text");
    program.argv.push_back(argument.AsString());
  }
  TUTTI_ASSIGN_OR_RETURN(program.directory, config.GetString("working_directory"));
  if (const Json* variables = config.Find("environment"); variables != nullptr) {
    if (!variables->is_object()) return InvalidArgument("environment is no map");
    for (const auto& [name, value] : variables->AsObject()) {
      if (!value.is_string()) return InvalidArgument("environment." + name + " is no text");
      program.environment[name] = value.AsString();
    }
  }
  return program;
}

Status ReadSearcher(const Json& config, AttemptOrder& order) {
  const Json* searcher = config.Find("searcher");
  if (searcher == nullptr) return InvalidArgument("the configuration has no searcher");
  TUTTI_ASSIGN_OR_RETURN(order.metric, searcher->GetString("metric"));
  TUTTI_ASSIGN_OR_RETURN(order.smaller_is_better, searcher->GetBool("smaller_is_better"));
  order.time_metric = "epochs";
  if (searcher->Find("time_metric") != nullptr) {
    TUTTI_ASSIGN_OR_RETURN(order.time_metric, searcher->GetString("time_metric"));
  }
  if (searcher->Find("max_time") != nullptr) {
    TUTTI_ASSIGN_OR_RETURN(order.max_time, searcher->GetInt("max_time"));
  }
  return Ok{};
}

}  // namespace

Result<AttemptOrder> ReadOrder(const Record& run) {
  const Json& header = run.header;
  AttemptOrder order;
  TUTTI_ASSIGN_OR_RETURN(order.attempt, header.GetInt("attempt"));
  TUTTI_ASSIGN_OR_RETURN(order.experiment, header.GetInt("experiment"));
  TUTTI_ASSIGN_OR_RETURN(order.trial, header.GetInt("trial"));
  TUTTI_ASSIGN_OR_RETURN(order.trial_no, header.GetInt("trial_no"));
  TUTTI_ASSIGN_OR_RETURN(order.seed, header.GetInt("seed"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t task, header.GetInt("task_id"));
  order.task = task != 0;
  TUTTI_ASSIGN_OR_RETURN(order.run_until, header.GetInt("run_until"));
  TUTTI_ASSIGN_OR_RETURN(order.data_root, header.GetString("data_root"));
  TUTTI_ASSIGN_OR_RETURN(order.checkpoint_root, header.GetString("checkpoint_root"));
  TUTTI_ASSIGN_OR_RETURN(order.resume_from, header.GetString("resume_from"));
  TUTTI_ASSIGN_OR_RETURN(order.resume_sha256, header.GetString("resume_sha256"));
  const Json* config = header.Find("config");
  if (config == nullptr || !config->is_object()) return InvalidArgument("'config' is no map");
  TUTTI_ASSIGN_OR_RETURN(order.program, ReadProgram(*config));
  TUTTI_RETURN_IF_ERROR(ReadSearcher(*config, order));
  const Json* hparams = config->Find("hparams");
  order.hparams = hparams != nullptr && hparams->is_object() ? *hparams : Json::MakeObject();
  TUTTI_RETURN_IF_ERROR(ReadLimit(order.program, kProgressLimit, order.limits.progress));
  TUTTI_RETURN_IF_ERROR(ReadLimit(order.program, kStopGrace, order.limits.stop_grace));
  TUTTI_RETURN_IF_ERROR(ReadLimit(order.program, kTermGrace, order.limits.term_grace));
  return order;
}

}  // namespace tutti::entrypoint
