#include "experiments/spec/diagnostic.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "experiments/spec/report.h"

namespace tutti::spec {
namespace {

bool IsContinuationByte(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::string FormatDiagnostic(const Diagnostic& diagnostic) {
  std::string text = diagnostic.source;
  if (diagnostic.line > 0) {
    text += ":" + std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column);
  }
  if (!text.empty()) text += ": ";
  text += std::string(kSeverityNames.Name(diagnostic.severity)) + ": " + diagnostic.message;
  if (diagnostic.line == 0) return text;
  text += "\n  " + diagnostic.source_line + "\n  ";
  // Tabs are kept, so that the caret stands right whatever their width.
  int column = 1;
  for (const char c : diagnostic.source_line) {
    if (column >= diagnostic.column) break;
    if (IsContinuationByte(c)) continue;
    text += c == '\t' ? '\t' : ' ';
    ++column;
  }
  text.append(static_cast<std::size_t>(std::max(0, diagnostic.column - column)), ' ');
  return text + "^";
}

void SortDiagnostics(std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return std::tuple(a.line == 0, a.line, a.column) <
                            std::tuple(b.line == 0, b.line, b.column);
                   });
}

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::int32_t Report::AddSource(Source source) {
  sources_.push_back(std::move(source));
  return static_cast<std::int32_t>(sources_.size() - 1);
}

void Report::Error(Position at, std::string_view path, std::string message) {
  Add(Severity::kError, at, path, std::move(message));
}

void Report::Warning(Position at, std::string_view path, std::string message) {
  Add(Severity::kWarning, at, path, std::move(message));
}

void Report::Add(Severity severity, Position at, std::string_view path, std::string message) {
  // Without lines (JSON) two fields share a position: the path tells them apart.
  const std::string key = at.line > 0 ? message : std::string(path) + ": " + message;
  if (!seen_.insert({at.source, at.line, at.column, key}).second) return;
  if (severity == Severity::kError) ++errors_;
  const Source& source = sources_.at(static_cast<std::size_t>(at.source));
  Diagnostic diagnostic{severity, source.name, 0, 0, std::string(path), std::move(message), ""};
  if (!source.lines.empty() && at.line > 0) {
    diagnostic.line = at.line;
    diagnostic.column = at.column;
    const auto index = static_cast<std::size_t>(at.line - 1);
    if (index < source.lines.size()) diagnostic.source_line = source.lines[index];
  }
  diagnostics_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Report::diagnostics() const {
  std::vector<Diagnostic> sorted = diagnostics_;
  SortDiagnostics(sorted);
  return sorted;
}

}  // namespace tutti::spec
