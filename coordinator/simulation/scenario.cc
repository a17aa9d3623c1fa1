#include "coordinator/simulation/scenario.h"

#include <cmath>
#include <functional>
#include <utility>


namespace tutti::simulation {
namespace {

// Reads the members of one map; what nobody asked for is an error at Done().
class Fields {
 public:
  Fields(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
    if (!json.is_object()) {
      Fail(path_ + " is " + std::string(json.TypeName()) + ", expected a map");
    }
  }

  const Json* Find(const std::string& key) {
    known_.push_back(key);
    return json_.Find(key);
  }
  std::string Path(const std::string& key) const { return path_ + "." + key; }

  void Number(const std::string& key, double& out) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    if (!value->is_number()) return Wrong(key, *value, "a number");
    out = value->AsDouble();
  }
  void Int(const std::string& key, std::int64_t& out) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    if (!value->is_int()) return Wrong(key, *value, "an integer");
    out = value->AsInt();
  }
  // Seconds in the file, milliseconds in memory.
  void Seconds(const std::string& key, std::int64_t& out_ms) {
    double seconds = static_cast<double>(out_ms) / 1000;
    Number(key, seconds);
    out_ms = std::llround(seconds * 1000);
  }
  void Text(const std::string& key, std::string& out) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    if (!value->is_string()) return Wrong(key, *value, "a string");
    out = value->AsString();
  }
  void Bool(const std::string& key, bool& out) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    if (!value->is_bool()) return Wrong(key, *value, "true or false");
    out = value->AsBool();
  }
  void Map(const std::string& key, const std::function<Status(const Json&, std::string)>& read) {
    if (const Json* value = Find(key)) Take(read(*value, Path(key)));
  }
  void List(const std::string& key, const std::function<Status(const Json&, std::string)>& read) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    if (!value->is_array()) return Wrong(key, *value, "a list");
    for (std::size_t i = 0; i < value->size(); ++i) {
      Take(read((*value)[i], Path(key) + "[" + std::to_string(i) + "]"));
    }
  }
  void Take(const Status& status) {
    if (!status) Fail(status.error().message());
  }
  void Fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }
  void Wrong(const std::string& key, const Json& value, const std::string& expected) {
    Fail(Path(key) + " is " + std::string(value.TypeName()) + ", expected " + expected);
  }

  Status Done() {
    if (error_.empty() && json_.is_object()) {
      for (const auto& [key, value] : json_.AsObject()) {
        bool known = false;
        for (const std::string& name : known_) known = known || name == key;
        if (known) continue;
        std::string names;
        for (const std::string& name : known_) names += (names.empty() ? "" : ", ") + name;
        Fail(path_ + " has the unknown key '" + key + "'; known are " + names);
        break;
      }
    }
    if (!error_.empty()) return InvalidArgument(error_);
    return Ok{};
  }

 private:
  const Json& json_;
  std::string path_, error_;
  std::vector<std::string> known_;
};

Status ReadNode(const Json& json, const std::string& path, Scenario& scenario) {
  Fields in(json, path);
  NodeSpec node;
  in.Text("name", node.name);
  in.Int("slots", node.slots);
  in.Text("pool", node.pool);
  in.Bool("spans_nodes", node.spans_nodes);
  in.Int("slot_memory_bytes", node.slot_memory_bytes);
  in.Seconds("joins_at", node.joins_at_ms);
  in.Map("labels", [&node](const Json& labels, const std::string& where) -> Status {
    if (!labels.is_object()) return InvalidArgument(where + " must be a map of strings");
    for (const auto& [key, value] : labels.AsObject()) {
      if (!value.is_string()) return InvalidArgument(where + "." + key + " must be a string");
      node.labels[key] = value.AsString();
    }
    return Ok{};
  });
  if (node.name.empty()) in.Fail(path + ".name is missing");
  if (node.slots < 1) in.Fail(path + ".slots must be at least 1");
  scenario.nodes.push_back(std::move(node));
  return in.Done();
}

Status ReadWeather(const Json& json, const std::string& path, Weather& weather) {
  Fields in(json, path);
  in.Int("message_ms_min", weather.message_ms_min);
  in.Int("message_ms_max", weather.message_ms_max);
  in.Int("start_gang_ms", weather.start_gang_ms);
  in.Int("stop_gang_ms", weather.stop_gang_ms);
  in.Number("fail_per_unit", weather.fail_per_unit);
  in.Number("crash_per_unit", weather.crash_per_unit);
  in.Seconds("heartbeat_s", weather.heartbeat_ms);
  in.Seconds("tick_s", weather.tick_ms);
  in.Seconds("lost_after_s", weather.lost_after_ms);
  in.Seconds("self_kill_after_s", weather.self_kill_after_ms);
  if (weather.message_ms_min > weather.message_ms_max || weather.message_ms_min < 0) {
    in.Fail(path + ".message_ms_min must be between 0 and message_ms_max");
  }
  if (weather.self_kill_after_ms >= weather.lost_after_ms) {
    in.Fail(path + ".self_kill_after_s must be less than lost_after_s");
  }
  if (weather.heartbeat_ms < 1 || weather.tick_ms < 1) {
    in.Fail(path + ".heartbeat_s and tick_s must be above 0");
  }
  return in.Done();
}

Status ReadCurve(const Json& json, const std::string& path, LearningCurve& curve) {
  Fields in(json, path);
  in.Number("start", curve.start);
  in.Number("floor", curve.floor);
  in.Number("rate", curve.rate);
  in.Number("spread", curve.spread);
  in.Number("noise", curve.noise);
  in.Text("path", curve.path);
  in.Number("optimum", curve.optimum);
  return in.Done();
}

Status ReadModel(const Json& json, const std::string& path, TrialModel& model) {
  Fields in(json, path);
  in.Seconds("unit_s", model.unit_ms);
  in.Number("speed_spread", model.speed_spread);
  in.Seconds("load_s", model.load_ms);
  in.Seconds("checkpoint_s", model.checkpoint_ms);
  in.Seconds("evaluate_s", model.evaluate_ms);
  in.Int("checkpoint_every", model.checkpoint_every);
  in.Int("peak_memory_bytes", model.peak_memory_bytes);
  in.Number("invalid", model.invalid);
  in.Map("curve", [&model](const Json& curve, const std::string& where) {
    return ReadCurve(curve, where, model.curve);
  });
  if (model.unit_ms < 1) in.Fail(path + ".unit_s must be at least 0.001");
  if (model.speed_spread < 0 || model.speed_spread >= 1) {
    in.Fail(path + ".speed_spread must be at least 0 and below 1");
  }
  return in.Done();
}

Status ReadExperiment(const Json& json, const std::string& path, Scenario& scenario) {
  Fields in(json, path);
  Step step;
  Submit submit;
  in.Seconds("at", step.at_ms);
  const Json* document = in.Find("document");
  if (document == nullptr) {
    in.Fail(path + ".document is missing");
  } else {
    submit.canonical = *document;
  }
  in.Map("trials", [&submit](const Json& model, const std::string& where) {
    return ReadModel(model, where, submit.model);
  });
  step.what = std::move(submit);
  scenario.steps.push_back(std::move(step));
  return in.Done();
}

Status ReadTrialName(const std::string& text, std::int64_t& experiment, std::int64_t& trial_no) {
  const auto dot = text.find('.');
  try {
    experiment = std::stoll(text);
    trial_no = dot == std::string::npos ? 0 : std::stoll(text.substr(dot + 1));
  } catch (const std::exception&) {
    return InvalidArgument("'" + text + "' is neither an experiment (3) nor a trial (3.1)");
  }
  return Ok{};
}

// The verb of a happening is the key beside `at`.
Status ReadVerb(Fields& in, Happening& what) {
  int verbs = 0;
  std::string node;
  for (const char* verb : {"pause", "resume", "cancel", "kill", "archive"}) {
    const Json* target = in.Find(verb);
    if (target == nullptr) continue;
    ++verbs;
    Act act;
    act.action = *engine::kActionNames.Parse(verb);
    TUTTI_RETURN_IF_ERROR(ReadTrialName(target->is_string() ? target->AsString() : target->Dump(),
                                        act.experiment, act.trial_no));
    what = act;
  }
  if (const Json* target = in.Find("set")) {
    ++verbs;
    Change change;
    std::int64_t priority = -1, max_slots = -1;
    double weight = -1;
    if (!target->is_int()) return InvalidArgument("set names no experiment");
    in.Int("priority", priority);
    in.Int("max_slots", max_slots);
    in.Number("weight", weight);
    change.settings.experiment = ExperimentId(target->AsInt());
    if (priority >= 0) change.settings.priority = priority;
    if (max_slots >= 0) change.settings.max_slots = max_slots;
    if (weight >= 0) change.settings.weight = weight;
    what = change;
  }
  const auto verb = [&](const char* name) {
    const bool found = in.Find(name) != nullptr;
    in.Text(name, node);
    verbs += found ? 1 : 0;
    return found;
  };
  std::int64_t for_ms = 0;
  in.Seconds("for", for_ms);
  bool now = false, forever = false;
  in.Bool("now", now);
  in.Bool("forever", forever);
  if (verb("drain")) what = Drain{node, true, now};
  if (verb("undrain")) what = Drain{node, false, false};
  if (verb("disconnect")) what = Disconnect{node, for_ms};
  if (verb("crash_node")) what = CrashNode{node, forever ? -1 : for_ms};
  if (verb("crash_trial")) {
    CrashTrial crash;
    std::string failure = "INFRA";
    in.Text("failure", failure);
    const auto parsed = engine::kFailureClassNames.Parse(failure);
    if (!parsed) return InvalidArgument("failure is '" + failure + "'");
    crash.failure = *parsed;
    TUTTI_RETURN_IF_ERROR(ReadTrialName(node, crash.experiment, crash.trial_no));
    what = crash;
  }
  if (in.Find("restart_coordinator") != nullptr) {
    ++verbs;
    what = RestartCoordinator{for_ms};
  }
  if (verbs != 1) {
    return InvalidArgument("expected one of pause, resume, cancel, kill, archive, set, drain, "
                           "undrain, disconnect, crash_node, crash_trial, restart_coordinator");
  }
  return Ok{};
}

Status ReadHappening(const Json& json, const std::string& path, Scenario& scenario) {
  Fields in(json, path);
  Step step;
  in.Seconds("at", step.at_ms);
  if (auto read = ReadVerb(in, step.what); !read) in.Fail(path + ": " + read.error().message());
  scenario.steps.push_back(std::move(step));
  return in.Done();
}

}  // namespace

Result<Scenario> ReadScenario(const Json& json) {
  Scenario scenario;
  Fields in(json, "scenario");
  in.Text("name", scenario.name);
  in.Find("about");
  in.Find("seeds");
  in.Find("identical");
  in.Find("expect");
  in.Seconds("horizon", scenario.horizon_ms);
  in.Seconds("stuck_after", scenario.stuck_after_ms);
  in.Int("snapshot_every", scenario.snapshot_every);
  in.List("nodes", [&scenario](const Json& node, const std::string& path) {
    return ReadNode(node, path, scenario);
  });
  in.Map("weather", [&scenario](const Json& weather, const std::string& path) {
    return ReadWeather(weather, path, scenario.weather);
  });
  in.List("experiments", [&scenario](const Json& experiment, const std::string& path) {
    return ReadExperiment(experiment, path, scenario);
  });
  in.List("happenings", [&scenario](const Json& happening, const std::string& path) {
    return ReadHappening(happening, path, scenario);
  });
  if (scenario.nodes.empty()) in.Fail("scenario.nodes is missing or empty");
  TUTTI_RETURN_IF_ERROR(in.Done());
  return scenario;
}

}  // namespace tutti::simulation
