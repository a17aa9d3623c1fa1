#include "worker/entrypoint/program_environment.h"

#include <map>

namespace tutti::entrypoint {
namespace {

std::string TextOf(const Json& value) { return value.is_string() ? value.AsString() : value.Dump(); }

// Seeds of Python, NumPy and others are unsigned and often of 32 bits.
std::string SeedText(std::int64_t seed) {
  return std::to_string(static_cast<std::uint64_t>(seed) & 0x7fffffff);
}

}  // namespace

std::string VariableOf(const std::string& hparam) {
  std::string name = "TUTTI_HP_";
  for (const char c : hparam) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += lower ? static_cast<char>(c - 'a' + 'A') : plain ? c : '_';
  }
  return name;
}

std::vector<std::string> EnvironmentOf(const AttemptOrder& order, const Places& places,
                                       const Crew& crew, const Resume& resume, int rank,
                                       const std::vector<std::string>& inherited) {
  std::map<std::string, std::string> all;
  for (const std::string& assignment : inherited) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos) continue;
    all[assignment.substr(0, equals)] = assignment.substr(equals + 1);
  }
  for (const auto& [name, value] : order.program.environment) all[name] = value;
  const std::map<std::string, std::string> own = {
      {"TUTTI_SOCKET", places.socket},
      {"TUTTI_REPORT", places.report},
      {"TUTTI_STOP", places.stop},
      {"TUTTI_SCRATCH", places.scratch},
      {"TUTTI_HPARAMS", order.hparams.Dump()},
      {"TUTTI_EXPERIMENT_ID", std::to_string(order.experiment)},
      {"TUTTI_TRIAL_ID", std::to_string(order.experiment) + "." + std::to_string(order.trial_no)},
      {"TUTTI_ATTEMPT_ID", std::to_string(order.attempt)},
      {"TUTTI_SEED", SeedText(order.seed)},
      {"TUTTI_CHECKPOINT", resume.directory},
      {"TUTTI_CHECKPOINT_EPOCH", std::to_string(resume.epoch)},
      {"TUTTI_CHECKPOINT_STEP", std::to_string(resume.step)},
      {"TUTTI_CHECKPOINT_TIME", std::to_string(resume.time)},
      {"TUTTI_TIME_METRIC", order.time_metric},
      {"TUTTI_MAX_TIME", std::to_string(order.max_time)},
      {"TUTTI_RUN_UNTIL", std::to_string(order.run_until)},
      {"TUTTI_METRIC", order.metric},
      {"TUTTI_DATA", order.data_root},
      {"TUTTI_SLOTS", std::to_string(crew.world)},
      {"TUTTI_THREADS", std::to_string(crew.threads)},
      {"TUTTI_DEVICE", crew.device},
      {"OMP_NUM_THREADS", std::to_string(crew.threads)},
  };
  for (const auto& [name, value] : own) all[name] = value;
  if (crew.world > 1) {  // of a program alone, these would make some libraries wait for others
    all["RANK"] = all["LOCAL_RANK"] = std::to_string(rank);
    all["WORLD_SIZE"] = all["LOCAL_WORLD_SIZE"] = std::to_string(crew.world);
    all["MASTER_ADDR"] = "127.0.0.1";
    all["MASTER_PORT"] = std::to_string(crew.master_port);
  }
  for (const auto& [path, value] : order.hparams.AsObject()) all[VariableOf(path)] = TextOf(value);
  std::vector<std::string> list;
  for (const auto& [name, value] : all) list.push_back(name + "=" + value);
  return list;
}

Json RunMessage(const AttemptOrder& order, const Places& places, const Crew& crew,
                const Resume& resume, int rank) {
  return Json::MakeObject(
      {{"type", "run"},
       {"attempt", order.attempt},
       {"experiment", order.experiment},
       {"trial", std::to_string(order.experiment) + "." + std::to_string(order.trial_no)},
       {"seed", static_cast<std::int64_t>(static_cast<std::uint64_t>(order.seed) & 0x7fffffff)},
       {"hparams", order.hparams},
       {"checkpoint", resume.directory},
       {"checkpoint_epoch", resume.epoch},
       {"checkpoint_step", resume.step},
       {"checkpoint_time", resume.time},
       {"metric", order.metric},
       {"time_metric", order.time_metric},
       {"max_time", order.max_time},
       {"run_until", order.run_until},
       {"scratch", places.scratch},
       {"data", order.data_root},
       {"rank", rank},
       {"world", crew.world},
       {"threads", crew.threads},
       {"device", crew.device}});
}

}  // namespace tutti::entrypoint
