#include <cinttypes>
#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "worker/data/fetch.h"
#include "worker/data/inventory.h"

namespace tutti::cli {
namespace {

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " ") + part;
  return text;
}

const char* StateText(VerifyLine::State state) {
  switch (state) {
    case VerifyLine::State::kOk: return "ok";
    case VerifyLine::State::kWrong: return "WRONG";
    case VerifyLine::State::kMissing: return "missing";
    case VerifyLine::State::kUnknown: return "unknown";
  }
  return "";
}

}  // namespace

int RunDataLs(const Globals& globals, const DataOptions& options) {
  auto root = ResolveDataRoot(globals.state, options.root);
  if (!root) return Fail(root.error());
  auto present = ListDatasets(*root);
  if (!present) return Fail(present.error());
  Table table;
  table.columns = {"name", "complete", "bytes", "missing", "sha256", "files"};
  table.short_columns = {"name", "complete", "bytes", "missing"};
  table.name_column = "name";
  for (const DatasetPresence& set : *present) {
    table.rows.push_back({set.name, set.complete ? "yes" : "no", set.bytes, Joined(set.missing),
                          set.sha256, Joined(set.files)});
  }
  std::fprintf(stderr, "data root: %s\n", root->c_str());
  std::fputs(Render(table, globals.format, TerminalWidth()).c_str(), stdout);
  return kExitOk;
}

int RunDataFetch(const Globals& globals, const DataOptions& options) {
  auto root = ResolveDataRoot(globals.state, options.root);
  if (!root) return Fail(root.error());
  InstallInterruptHandler();
  const bool live = StderrIsLive();
  FetchOptions fetch;
  fetch.mirror = options.mirror;
  fetch.progress = [live](const FetchProgress& progress) {
    if (live) {
      std::fprintf(stderr, "\r\x1b[2K%s  %.1f MB", progress.file.c_str(),
                   static_cast<double>(progress.bytes) / 1e6);
      if (progress.total > 0) {
        std::fprintf(stderr, " of %.1f MB", static_cast<double>(progress.total) / 1e6);
      }
      std::fflush(stderr);
    }
    return !Interrupted();
  };
  auto report = FetchDataset(options.name, *root, fetch);
  if (live) std::fputs("\r\x1b[2K", stderr);
  if (!report) return Fail(report.error());
  for (const std::string& path : report->present) {
    std::fprintf(stderr, "already there: %s\n", path.c_str());
  }
  for (const std::string& path : report->fetched) std::printf("%s\n", path.c_str());
  return kExitOk;
}

int RunDataVerify(const Globals& globals, const DataOptions& options) {
  auto root = ResolveDataRoot(globals.state, options.root);
  if (!root) return Fail(root.error());
  std::vector<std::string> names{options.name};
  if (options.name.empty()) {
    names.clear();
    auto present = ListDatasets(*root);
    if (!present) return Fail(present.error());
    for (const DatasetPresence& set : *present) {
      if (set.complete && set.name != "glyphs") names.push_back(set.name);
      if (!set.complete) {
        std::fprintf(stderr, "tutti: %s is not complete and not verified; missing: %s\n",
                     set.name.c_str(), Joined(set.missing).c_str());
      }
    }
  }
  if (names.empty()) {
    std::fprintf(stderr, "tutti: there is nothing to verify in %s; `tutti data fetch NAME` gets "
                 "a data set\n", root->c_str());
  }
  Table table;
  table.columns = {"state", "file", "detail"};
  table.name_column = "file";
  bool good = true;
  for (const std::string& name : names) {
    auto lines = VerifyDataset(name, *root);
    if (!lines) return Fail(lines.error());
    for (const VerifyLine& line : *lines) {
      table.rows.push_back({StateText(line.state), line.path, line.detail});
      good = good && (line.state == VerifyLine::State::kOk ||
                      line.state == VerifyLine::State::kUnknown);
    }
  }
  std::fputs(Render(table, globals.format, TerminalWidth()).c_str(), stdout);
  return good ? kExitOk : kExitGate;
}

}  // namespace tutti::cli
