#pragma once

#include <functional>

#include "cli/verbs.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tutti::cli {

// Adds `ensemble create|show|evaluate|ls` and `export` to the command line. `chosen` gets the verb
// that was given; both must outlive the parsing.
void AddEnsembleVerbs(CLI::App& app, const Globals& globals, std::function<int()>& chosen);

}  // namespace tutti::cli
