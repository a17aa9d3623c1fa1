#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"

namespace tutti::cli {
namespace {

// {"zone":"a","gpu":"h200"} -> "gpu=h200 zone=a".
Json LabelsText(const Json& labels) {
  std::string text;
  if (!labels.is_object()) return text;
  for (const auto& [name, value] : labels.AsObject()) {
    text += (text.empty() ? "" : " ") + name + "=" +
            (value.is_string() ? value.AsString() : value.Dump());
  }
  return text;
}

Table TableOf(const Json& workers, bool for_people) {
  Table table;
  for (const Json& worker : workers.AsArray()) {
    std::vector<Json> row;
    const bool first = table.columns.empty();
    for (const auto& [name, value] : worker.AsObject()) {
      if (first) table.columns.push_back(name);
      if (for_people && name == "labels") {
        row.push_back(LabelsText(value));
      } else if (for_people && name == "draining") {
        row.push_back(value == Json(true) ? "draining" : "");
      } else {
        row.push_back(value);
      }
    }
    table.rows.push_back(std::move(row));
  }
  table.name_column = "name";
  table.short_columns = {"name", "state", "draining", "pool", "slots", "slots_free", "kind",
                         "labels", "hostname", "version"};
  return table;
}

Result<std::string> Address(const Globals& globals) {
  TUTTI_ASSIGN_OR_RETURN(const std::string state, ResolveStateDirectory(globals.state));
  return ResolveCoordinator(globals.coordinator, state);
}

void Print(const Globals& globals, const Json& workers) {
  const bool for_people = globals.format == Format::kTable || globals.format == Format::kWide;
  std::fputs(Render(TableOf(workers, for_people), globals.format, TerminalWidth()).c_str(),
             stdout);
}

}  // namespace

int RunWorkers(const Globals& globals) {
  const auto address = Address(globals);
  if (!address) return Fail(address.error());
  CoordinatorClient client(*address);
  auto workers = client.ListWorkers();
  if (!workers) return Fail(workers.error());
  if (workers->size() == 0 && globals.format == Format::kTable) {
    std::fprintf(stderr, "no worker has joined yet; start one with `tutti-worker --coordinator "
                 "%s`\n", address->c_str());
    return kExitOk;
  }
  Print(globals, *workers);
  return kExitOk;
}

int RunDrain(const Globals& globals, const DrainOptions& options) {
  const auto address = Address(globals);
  if (!address) return Fail(address.error());
  CoordinatorClient client(*address);
  Json done = Json::MakeArray();
  int worst = kExitOk;
  for (const std::string& node : options.nodes) {
    auto row = client.Drain(node, options.drain, options.now);
    if (row) {
      done.Append(std::move(*row));
      continue;
    }
    const int code = Fail(row.error());
    if (worst == kExitOk) worst = code;
  }
  if (done.size() > 0) Print(globals, done);
  return worst;
}

}  // namespace tutti::cli
