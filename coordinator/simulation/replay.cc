#include "coordinator/simulation/replay.h"

#include <algorithm>
#include <utility>

namespace tutti::simulation {
namespace {

constexpr std::size_t kMostPaths = 6;
constexpr std::size_t kLongestValue = 120;

std::string Cut(std::string text) {
  if (text.size() > kLongestValue) text = text.substr(0, kLongestValue) + "…";
  return text;
}

void Collect(const Json* recorded, const Json* derived, const std::string& path, std::size_t most,
             std::vector<std::string>& out) {
  if (out.size() >= most) return;
  if (recorded != nullptr && derived != nullptr) {
    if (*recorded == *derived) return;
    if (recorded->is_object() && derived->is_object()) {
      const auto below = [&path](const std::string& key) {
        return path.empty() ? key : path + "." + key;
      };
      for (const auto& [key, value] : recorded->AsObject()) {
        Collect(&value, derived->Find(key), below(key), most, out);
      }
      for (const auto& [key, value] : derived->AsObject()) {
        if (recorded->Find(key) == nullptr) Collect(nullptr, &value, below(key), most, out);
      }
      return;
    }
    if (recorded->is_array() && derived->is_array()) {
      for (std::size_t i = 0; i < std::max(recorded->size(), derived->size()); ++i) {
        Collect(i < recorded->size() ? &(*recorded)[i] : nullptr,
                i < derived->size() ? &(*derived)[i] : nullptr,
                path + "[" + std::to_string(i) + "]", most, out);
      }
      return;
    }
  }
  const auto text = [](const Json* json) {
    return json == nullptr ? "nothing" : Cut(json->Dump());
  };
  out.push_back((path.empty() ? "" : path + ": ") + "recorded " + text(recorded) + ", derived " +
                text(derived));
}

std::int64_t IntOf(const Json& command, std::string_view key) {
  const Json* value = command.Find(key);
  return value != nullptr && value->is_int() ? value->AsInt() : 0;
}
std::string TextOf(const Json& json, std::string_view key) {
  const Json* value = json.Find(key);
  return value != nullptr && value->is_string() ? value->AsString() : "";
}

// "persist_trial of trial 7 (3.2)", "log_event about experiment 3".
std::string Name(const Json& command) {
  std::string text = TextOf(command, "command");
  if (text.empty()) text = "a command without a name";
  if (const std::string subject = TextOf(command, "subject"); !subject.empty()) {
    text += " about " + subject;
    if (const std::string kind = TextOf(command, "kind"); !kind.empty()) text += " (" + kind + ")";
    return text;
  }
  for (const char* key : {"trial_no", "trial", "attempt", "experiment", "node", "checkpoint",
                          "ensemble", "task"}) {
    const std::int64_t id = IntOf(command, key);
    if (id == 0) continue;
    if (std::string_view(key) == "trial_no") {
      return text + " of trial " + std::to_string(IntOf(command, "experiment")) + "." +
             std::to_string(id);
    }
    return text + " of " + key + " " + std::to_string(id);
  }
  return text;
}

std::string Compare(const std::vector<const Json*>& recorded,
                    const std::vector<const Json*>& derived) {
  std::string text;
  if (recorded.size() != derived.size()) {
    text = std::to_string(recorded.size()) + " commands recorded, " +
           std::to_string(derived.size()) + " derived; ";
  }
  for (std::size_t i = 0; i < std::max(recorded.size(), derived.size()); ++i) {
    if (i >= recorded.size()) {
      return text + "not recorded: " + Name(*derived[i]) + "\n    " + Cut(derived[i]->Dump());
    }
    if (i >= derived.size()) {
      return text + "not derived: " + Name(*recorded[i]) + "\n    " + Cut(recorded[i]->Dump());
    }
    if (*recorded[i] == *derived[i]) continue;
    text += "command " + std::to_string(i + 1) + ", " + Name(*recorded[i]);
    if (Name(*recorded[i]) != Name(*derived[i])) {
      return text + " recorded, " + Name(*derived[i]) + " derived\n    recorded " +
             Cut(recorded[i]->Dump()) + "\n    derived  " + Cut(derived[i]->Dump());
    }
    for (const std::string& line : JsonDifferences(*recorded[i], *derived[i], kMostPaths)) {
      text += "\n    " + line;
    }
    return text;
  }
  return "";
}

}  // namespace

std::vector<std::string> JsonDifferences(const Json& recorded, const Json& derived,
                                         std::size_t most) {
  std::vector<std::string> out;
  Collect(&recorded, &derived, "", most, out);
  return out;
}

Replay::Replay(ExperimentId experiment)
    : experiment_(experiment), engine_(engine::EngineSettings{}) {}

Status Replay::StartFrom(const JournalSnapshot& snapshot) {
  if (snapshot.engine_version != engine::kEngineVersion) {
    return FailedPrecondition("the snapshot after journal entry " +
                              std::to_string(snapshot.journal_seq) + " is of engine version " +
                              std::to_string(snapshot.engine_version) + ", this program has " +
                              std::to_string(engine::kEngineVersion));
  }
  auto state = Json::Parse(snapshot.state);
  if (!state) {
    return DataLoss("the snapshot after journal entry " + std::to_string(snapshot.journal_seq) +
                    " is damaged: " + state.error().ToString());
  }
  auto engine = engine::Engine::Restore(*state, engine::EngineSettings{});
  if (!engine) return engine.error().Wrap("cannot restore the snapshot to begin from");
  engine_ = std::move(engine).value();
  next_seq_ = snapshot.journal_seq + 1;
  for (const ExperimentId id : engine_.Experiments()) {
    const auto view = engine_.View(id);
    for (const engine::TrialView& trial : view->trials) {
      experiment_of_trial_[trial.row.trial.value] = id.value;
      if (trial.attempt) experiment_of_attempt_[trial.attempt.value] = id.value;
    }
  }
  return Ok{};
}

// Which experiment trials and attempts belong to, from the rows that say it.
void Replay::Learn(const Json& command) {
  if (!experiment_) return;
  const std::string kind = TextOf(command, "command");
  const std::int64_t trial = IntOf(command, "trial");
  if (kind == "persist_trial") experiment_of_trial_[trial] = IntOf(command, "experiment");
  if (kind == "persist_attempt") {
    experiment_of_attempt_[IntOf(command, "attempt")] = experiment_of_trial_[trial];
  }
}

bool Replay::Concerns(const Json& command) {
  if (!experiment_) return true;
  const std::int64_t wanted = experiment_.value;
  if (IntOf(command, "experiment") == wanted) return true;
  const auto trial = experiment_of_trial_.find(IntOf(command, "trial"));
  if (trial != experiment_of_trial_.end() && trial->second == wanted) return true;
  const auto attempt = experiment_of_attempt_.find(IntOf(command, "attempt"));
  if (attempt != experiment_of_attempt_.end() && attempt->second == wanted) return true;
  const std::string subject = TextOf(command, "subject");
  if (subject == "experiment " + std::to_string(wanted) ||
      subject.starts_with("trial " + std::to_string(wanted) + ".")) {
    return true;
  }
  // What a node should run concerns every experiment that runs there.
  const Json* gangs = command.Find("allocations");
  if (gangs == nullptr || !gangs->is_array()) return false;
  for (const Json& gang : gangs->AsArray()) {
    const Json* attempts = gang.Find("attempts");
    if (attempts == nullptr || !attempts->is_array()) continue;
    for (const Json& order : attempts->AsArray()) {
      if (IntOf(order, "experiment") == wanted) return true;
    }
  }
  return false;
}

std::vector<const Json*> Replay::Relevant(const Json& commands) {
  std::vector<const Json*> list;
  for (const Json& command : commands.AsArray()) Learn(command);
  for (const Json& command : commands.AsArray()) {
    if (Concerns(command)) list.push_back(&command);
  }
  return list;
}

std::optional<Difference> Replay::Next(const JournalRow& row) {
  const auto differs = [&row](std::string text) {
    return Difference{row.seq, "entry " + std::to_string(row.seq) + ": " + std::move(text)};
  };
  if (row.seq != next_seq_) {
    return differs("expected entry " + std::to_string(next_seq_) + ": the entries between are " +
                   "missing, so what follows cannot be derived");
  }
  ++next_seq_;
  if (row.engine_version != engine::kEngineVersion) {
    return differs("written by engine version " + std::to_string(row.engine_version) +
                   ", this program has version " + std::to_string(engine::kEngineVersion) +
                   " and can only derive what its own version decided");
  }
  auto json = Json::Parse(row.event);
  if (!json) return differs("the event is damaged: " + json.error().ToString());
  auto event = engine::EventFromJson(*json);
  if (!event) return differs("the event is damaged: " + event.error().ToString());
  auto recorded = Json::Parse(row.commands);
  if (!recorded || !recorded->is_array()) {
    return differs("the recorded commands are damaged: " +
                   (recorded ? "no list" : recorded.error().ToString()));
  }
  Json derived = Json::MakeArray();
  for (const engine::Command& command : engine_.Apply(*event)) {
    derived.Append(engine::ToJson(command));
  }
  // As it would have been read back: what JSON cannot tell apart is no difference.
  auto written = Json::Parse(derived.Dump());
  if (!written) return differs("the derived commands are no JSON: " + written.error().ToString());
  const auto old_commands = Relevant(*recorded), new_commands = Relevant(*written);
  ++events_;
  decisions_ += static_cast<std::int64_t>(old_commands.size());
  const std::string difference = Compare(old_commands, new_commands);
  if (difference.empty()) return std::nullopt;
  return differs("event " + std::string(engine::EventName(*event)) + " " + Cut(row.event) + "\n  " +
                 difference);
}

}  // namespace tutti::simulation
