#include <algorithm>
#include <cctype>
#include <string>

#include "experiments/core/program_limits.h"
#include "experiments/spec/document.h"

namespace tutti::spec {
namespace {

bool IsVariableName(const std::string& name) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
         std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

void CheckEntrypointRules(const Document& document) {
  const std::string& directory = document.Text("working_directory");
  if (!directory.starts_with('/')) {
    document.Fail("working_directory", "working_directory is '" + directory +
                                           "', expected an absolute path");
  }
  const std::string& program = (*document.Get("entrypoint"))[0].AsString();
  if (program.find('/') != std::string::npos && !program.starts_with('/')) {
    document.Fail("entrypoint", "entrypoint starts with '" + program +
                                    "', expected a bare name or an absolute path");
  }
  for (const auto& [name, value] : document.Get("environment")->AsObject()) {
    const std::string where = "environment." + name;
    if (!IsVariableName(name)) {
      document.Fail(where, "environment holds '" + name +
                               "', which is no name of a variable: letters, digits and _");
    } else if (std::count(kProgramLimits.begin(), kProgramLimits.end(), name) > 0) {
      // What is no text has been reported by the field's type.
      if (!value.is_string()) continue;
      if (const auto seconds = ParseProgramLimit(value.AsString()); !seconds) {
        document.Fail(where, where + " " + seconds.error().message());
      }
    } else if (name.starts_with("TUTTI_")) {
      document.Fail(where, where + " begins with TUTTI_: these variables are set by the worker");
    }
  }
  if (document.Get("evaluation.splits")->size() > 0) {
    document.Fail("evaluation", "evaluation.splits needs the built-in trainer: of a program only "
                                "what it reports is known");
  }
  if (document.Get("ensemble") != nullptr) {
    document.Fail("ensemble", "ensemble needs the built-in trainer: of a program no predictions "
                              "are known");
  }
  for (const char* period : {"min_validation_period", "min_checkpoint_period"}) {
    if (document.Get(period)->Find("batches") == nullptr) continue;
    document.Warn(period, std::string(period) + " has no effect: the program decides when it "
                                                "reports and when it saves");
  }
}

}  // namespace tutti::spec
