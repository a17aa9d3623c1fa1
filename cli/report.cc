#include <cstdio>

#include "cli/exit_code.h"
#include "cli/report_check.h"
#include "cli/report_data.h"
#include "cli/report_files.h"
#include "cli/report_pictures.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "dashboards/report/html.h"
#include "dashboards/report/markdown.h"
#include "dashboards/report/sections.h"

namespace tutti::cli {
namespace {

constexpr std::size_t kLargestPage = std::size_t{64} << 20;

int Check(const Globals& globals, const std::string& file) {
  auto html = ReadFile(file, kLargestPage);
  if (!html) return Fail(html.error());
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  auto outcome = CheckReport(**database, *html);
  if (!outcome) return Fail(outcome.error().Wrap(file));
  for (const std::string& line : outcome->unverified) {
    std::fprintf(stderr, "note: %s\n", line.c_str());
  }
  for (const std::string& line : outcome->lines) std::fprintf(stderr, "%s\n", line.c_str());
  if (outcome->differing > outcome->lines.size()) {
    std::fprintf(stderr, "… and %zu more\n", outcome->differing - outcome->lines.size());
  }
  if (!outcome->unchanged) {
    std::fprintf(stderr, "the page was edited after it was written (its SHA-256 differs)\n");
  }
  if (globals.format == Format::kJson || globals.format == Format::kYaml) {
    const Json result = Json::MakeObject(
        {{"numbers", static_cast<std::int64_t>(outcome->numbers)},
         {"differ", static_cast<std::int64_t>(outcome->differing)},
         {"unchanged", outcome->unchanged}});
    std::fputs(RenderObject(result, globals.format).c_str(), stdout);
  } else {
    std::printf("%zu numbers checked, %zu differ\n", outcome->numbers, outcome->differing);
  }
  return outcome->passed() ? kExitOk : kExitGate;
}

// "report-12.3.html", "report-12.md"; for PNG files the folder "report-12".
std::string DefaultOut(const TargetId& target, const std::string& format) {
  std::string name = "report-" + std::to_string(target.experiment);
  if (target.trial_no > 0) name += "." + std::to_string(target.trial_no);
  return format == "png" ? name : name + "." + format;
}

// "a/report.md" -> "a/report_files".
std::string FolderBeside(const std::string& path) {
  const auto slash = path.rfind('/');
  const auto dot = path.rfind('.');
  const bool ending = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
  return (ending ? path.substr(0, dot) : path) + "_files";
}

Status WriteMarkdown(const report::Document& document, const std::string& out) {
  const std::string folder = FolderBeside(out);
  TUTTI_RETURN_IF_ERROR(WritePngFiles(document, folder));
  const auto slash = folder.rfind('/');
  const std::string relative = slash == std::string::npos ? folder : folder.substr(slash + 1);
  return WriteReportFile(out, report::ToMarkdown(document, relative));
}

Status Write(const report::Document& document, const std::string& format, const std::string& out) {
  if (format == "html") return WriteReportFile(out, report::ToHtml(document));
  if (format == "md") return WriteMarkdown(document, out);
  return WritePngFiles(document, out);
}

Status Make(const Globals& globals, const ReportOptions& options) {
  TUTTI_ASSIGN_OR_RETURN(auto database, Database::Open(globals));
  TUTTI_ASSIGN_OR_RETURN(const TargetId target, ParseTarget(*database, options.id));
  TUTTI_ASSIGN_OR_RETURN(LoadedReport loaded, LoadReport(*database, target, Numbers::kStored));
  if (options.pictures) {
    FillPictures(globals, loaded.data);
  } else {
    loaded.data.pictures.unavailable = "it was made with --no-pictures.";
  }
  if (!loaded.data.pictures.unavailable.empty() && options.pictures) {
    std::fprintf(stderr, "note: no pictures: %s\n", loaded.data.pictures.unavailable.c_str());
  }
  const std::string out = options.out.empty() ? DefaultOut(target, options.format) : options.out;
  TUTTI_RETURN_IF_ERROR(Write(report::MakeDocument(loaded.data), options.format, out));
  std::printf("%s\n", out.c_str());
  return Ok{};
}

}  // namespace

int RunReport(const Globals& globals, const ReportOptions& options) {
  if (!options.check.empty()) return Check(globals, options.check);
  const Status done = Make(globals, options);
  return done ? kExitOk : Fail(done.error());
}

}  // namespace tutti::cli
