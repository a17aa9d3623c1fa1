#include "coordinator/simulation/expectations.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <set>
#include <utility>

namespace tutti::simulation {
namespace {

// A number, or [smallest, largest].
bool Fits(const Json& expected, double value) {
  if (expected.is_number()) return value == expected.AsDouble();
  if (!expected.is_array() || expected.size() != 2) return false;
  return value >= expected[0].AsDouble() && value <= expected[1].AsDouble();
}
// A word, or a list of words.
bool Fits(const Json& expected, const std::string& value) {
  if (expected.is_string()) return value == expected.AsString();
  if (!expected.is_array()) return false;
  const auto& words = expected.AsArray();
  return std::any_of(words.begin(), words.end(), [&](const Json& word) {
    return word.is_string() && word.AsString() == value;
  });
}

class Check {
 public:
  Check(const Json& expectation, const SimulationResult& result, std::vector<std::string>& failures)
      : json_(expectation), result_(result), failures_(failures) {}

  void Run() {
    if (!json_.is_object()) return Fail("is no map");
    if (json_.Find("at") != nullptr) return At();
    if (json_.Find("from") != nullptr) return Between();
    if (json_.Find("experiment") != nullptr) return OfExperiment();
    if (json_.Find("started_in_order") != nullptr) return Order();
    if (json_.Find("log") != nullptr) return Logged();
    Fail("has none of the keys at, from, experiment, started_in_order, log");
  }

 private:
  void Fail(const std::string& what) {
    failures_.push_back("expected " + json_.Dump() + ": " + what);
  }
  void Known(const std::set<std::string>& keys) {
    for (const auto& [key, value] : json_.AsObject()) {
      if (!keys.contains(key)) Fail("has the unknown key '" + key + "'");
    }
  }
  static std::int64_t Ms(const Json& seconds) { return std::llround(seconds.AsDouble() * 1000); }

  void Slots(std::int64_t at_ms, const std::map<std::int64_t, std::int64_t>& slots) {
    std::int64_t used = 0;
    for (const auto& [experiment, n] : slots) used += n;
    if (const Json* wanted = json_.Find("slots")) {
      for (const auto& [key, n] : wanted->AsObject()) {
        const auto it = slots.find(std::atoll(key.c_str()));
        const std::int64_t held = it == slots.end() ? 0 : it->second;
        if (!Fits(n, static_cast<double>(held))) {
          Fail("at " + Seconds(at_ms) + " experiment " + key + " holds " + std::to_string(held));
        }
      }
    }
    if (const Json* wanted = json_.Find("used")) {
      if (!Fits(*wanted, static_cast<double>(used))) {
        Fail("at " + Seconds(at_ms) + " " + std::to_string(used) + " slots are used");
      }
    }
  }

  void At() {
    Known({"at", "slots", "used", "trials", "experiments"});
    const std::int64_t at_ms = Ms(json_["at"]);
    Slots(at_ms, result_.ledger.SlotsAt(at_ms));
    if (const Json* trials = json_.Find("trials")) {
      for (const auto& [name, state] : trials->AsObject()) {
        const auto dot = name.find('.');
        const engine::PersistTrial* row = result_.ledger.FindTrial(
            std::atoll(name.c_str()), dot == std::string::npos ? 0 : std::atoll(&name[dot + 1]));
        std::string now;
        if (row != nullptr) {
          now = Ledger::StateAt(result_.ledger.trial_history.at(row->trial), at_ms);
        }
        if (!Fits(state, now)) Fail("trial " + name + " is '" + now + "'");
      }
    }
    if (const Json* experiments = json_.Find("experiments")) {
      for (const auto& [name, state] : experiments->AsObject()) {
        const auto it =
            result_.ledger.experiment_history.find(ExperimentId(std::atoll(name.c_str())));
        const std::string now = it == result_.ledger.experiment_history.end()
                                    ? ""
                                    : Ledger::StateAt(it->second, at_ms);
        if (!Fits(state, now)) Fail("experiment " + name + " is '" + now + "'");
      }
    }
  }

  // At every moment of an interval.
  void Between() {
    Known({"from", "to", "slots", "used"});
    const Json* to = json_.Find("to");
    if (to == nullptr) return Fail("has no `to`");
    const std::int64_t from_ms = Ms(json_["from"]), to_ms = Ms(*to);
    Slots(from_ms, result_.ledger.SlotsAt(from_ms));
    for (const TimelinePoint& point : result_.ledger.timeline()) {
      if (point.at_ms > from_ms && point.at_ms <= to_ms) Slots(point.at_ms, point.slots);
    }
  }

  void Number(const char* key, double value) {
    const Json* wanted = json_.Find(key);
    if (wanted != nullptr && !Fits(*wanted, value)) {
      Fail(std::string(key) + " is " + FormatDouble(value));
    }
  }

  void OfExperiment() {
    Known({"experiment", "state", "trials", "states", "ends", "configurations", "restarts",
           "slot_seconds", "time_total", "parents", "best"});
    const ExperimentId id(json_["experiment"].AsInt());
    const auto row = result_.ledger.experiments.find(id);
    if (row == result_.ledger.experiments.end()) return Fail("there is no such experiment");
    const Json* state = json_.Find("state");
    if (state != nullptr && !Fits(*state, row->second.state)) {
      Fail("it is " + row->second.state + " " + row->second.message);
    }
    std::map<std::string, std::int64_t> states;
    std::set<std::int64_t> configurations;
    double trials = 0, restarts = 0, time = 0, parents = 0;
    for (const auto& [trial_id, trial] : result_.ledger.trials) {
      if (trial.experiment != id) continue;
      ++trials;
      ++states[trial.state];
      configurations.insert(trial.configuration_no);
      restarts += static_cast<double>(trial.restarts);
      time += static_cast<double>(trial.time_done);
      parents += trial.parent ? 1 : 0;
    }
    Number("trials", trials);
    Number("configurations", static_cast<double>(configurations.size()));
    Number("restarts", restarts);
    Number("time_total", time);
    Number("parents", parents);
    Number("ends", static_cast<double>(row->second.ended_at_ms) / 1000);
    Number("best", row->second.best_value.value_or(std::nan("")));
    const auto slot_ms = result_.ledger.SlotMs(result_.end_ms);
    const auto held = slot_ms.find(id.value);
    Number("slot_seconds", held == slot_ms.end() ? 0 : static_cast<double>(held->second) / 1000);
    if (const Json* wanted = json_.Find("states")) {
      for (const auto& [name, n] : wanted->AsObject()) {
        if (!Fits(n, static_cast<double>(states[name]))) {
          Fail(std::to_string(states[name]) + " trials are " + name);
        }
      }
    }
  }

  // Trials in the order in which they first ran.
  void Order() {
    Known({"started_in_order"});
    std::int64_t last = -1;
    for (const Json& name : json_["started_in_order"].AsArray()) {
      const std::string& text = name.AsString();
      const auto dot = text.find('.');
      const engine::PersistTrial* row = result_.ledger.FindTrial(
          std::atoll(text.c_str()), dot == std::string::npos ? 0 : std::atoll(&text[dot + 1]));
      if (row == nullptr || row->started_at_ms == 0) return Fail("trial " + text + " never ran");
      if (row->started_at_ms < last) {
        Fail("trial " + text + " started at " + Seconds(row->started_at_ms));
      }
      last = row->started_at_ms;
    }
  }

  // A line of the decision log.
  void Logged() {
    Known({"log", "kind", "subject", "count"});
    const auto text = [this](const char* key) {
      const Json* value = json_.Find(key);
      return value == nullptr ? std::string() : value->AsString();
    };
    double found = 0;
    for (const engine::LogEvent& line : result_.ledger.log) {
      const bool fits = (text("kind").empty() || line.kind == text("kind")) &&
                        (text("subject").empty() || line.subject == text("subject")) &&
                        line.detail.find(text("log")) != std::string::npos;
      found += fits ? 1 : 0;
    }
    const Json* count = json_.Find("count");
    if (count == nullptr ? found == 0 : !Fits(*count, found)) {
      Fail("the log has " + FormatDouble(found) + " such lines");
    }
  }

  const Json& json_;
  const SimulationResult& result_;
  std::vector<std::string>& failures_;
};

}  // namespace

std::vector<std::string> CheckExpectations(const Json& expect, const SimulationResult& result) {
  std::vector<std::string> failures;
  if (!expect.is_array()) return {"`expect` is no list"};
  for (const Json& expectation : expect.AsArray()) Check(expectation, result, failures).Run();
  return failures;
}

}  // namespace tutti::simulation
