#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "experiments/spec/diagnostic.h"

// An experiment file: from YAML text to a validated, complete configuration. Pure: the caller
// reads the file. Used by the client (validate, plan, submit, run) and, in its second form, by the
// coordinator, which trusts no client.

namespace tutti::spec {

// `--set path=yaml`. Maps merge, everything else replaces; `null` gives the default back.
struct Override {
  std::string path;  // dotted: "training.optimizer.lr"
  std::string yaml;  // the text after "="
};

// "training.epochs=3" -> {"training.epochs", "3"}. Error: no "=", or an empty part in the path.
Result<Override> ParseOverride(std::string_view text);

struct ParseOptions {
  std::string file_name;  // as the user wrote it: diagnostics start with it
  std::string base_dir;   // absolute; relative paths of the file are joined to it
  std::vector<Override> overrides;  // applied to every document, in order
  std::string override_base_dir;    // absolute; the same for paths that come from `--set`
};

struct ParsedExperiment {
  Json canonical;   // every default filled in, paths absolute, aliases resolved
  Json provenance;  // dotted path of each leaf of `canonical` -> "file" | "set" | "default" |
                    // "hyperparameters" (a required field that only the search space gives)
  std::string raw_text;  // this document as written, with its comments
  std::vector<Diagnostic> warnings;
  ExperimentConfig config;  // read from `canonical`
};

struct ParseOutcome {
  bool ok = false;  // no errors; `experiments` is empty otherwise
  std::vector<ParsedExperiment> experiments;  // one for each `---` document, at least one if ok
  std::vector<Diagnostic> diagnostics;        // errors and warnings, sorted by position
};

// Never fails otherwise: whatever is wrong with the text is a diagnostic. The first syntax error
// ends the reading; all other errors are reported at once.
ParseOutcome ParseExperiments(std::string_view yaml_text, const ParseOptions& options);

// The coordinator's check of a canonical document from a client: the same fields, ranges and
// cross-field rules. Returns the document (equal to its input when a client of the same version
// made it). The error lists what is wrong, one line each, by path.
Result<Json> ValidateCanonical(const Json& canonical);

// JSON Schema (draft 2020-12) of one document, for editors: `tutti schema`.
Json JsonSchema();

// What a field is: type, default, range, choices, unit, meaning and sub-fields; "" lists the
// sections. Error kNotFound with a suggestion for an unknown path.
Result<std::string> Explain(std::string_view path);

// What a searcher does and which fields of `searcher` it has, with their defaults: `tutti describe
// searcher NAME`; "" lists the searchers. Error kNotFound with a suggestion for an unknown name.
Result<std::string> DescribeSearcher(std::string_view name);

}  // namespace tutti::spec
