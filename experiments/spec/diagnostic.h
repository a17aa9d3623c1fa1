#pragma once

#include <string>
#include <vector>

#include "experiments/core/enum_table.h"

// What is wrong with an experiment file, and where.

namespace tutti::spec {

enum class Severity { kError, kWarning };
inline constexpr EnumTable<Severity, 2> kSeverityNames{{{{Severity::kError, "error"},
                                                         {Severity::kWarning, "warning"}}}};

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string source;       // "experiments/a.yaml", or "--set a.b=value"; "" for canonical JSON
  int line = 0;             // from 1; 0 where the source has no lines (--set, JSON)
  int column = 0;           // from 1, in characters
  std::string path;         // "training.optimizer.lr"; "" for the whole document
  std::string message;      // with "; did you mean 'x'?" where that helps
  std::string source_line;  // the text of that line
  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// "file:line:col: error: message", then the line and a caret below the column. Ends without a line
// break. Where there is no line: "--set a.b=value: error: message".
std::string FormatDiagnostic(const Diagnostic& diagnostic);

// Errors and warnings of one source by line and column; files come before `--set`.
void SortDiagnostics(std::vector<Diagnostic>& diagnostics);

}  // namespace tutti::spec
