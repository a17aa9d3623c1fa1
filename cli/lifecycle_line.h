#pragma once

#include <functional>

#include "cli/verbs.h"

namespace CLI {
class App;
}  // namespace CLI

namespace tutti::cli {

// Adds `pause|resume|cancel|kill|archive|unarchive`, `continue`, `set …`, `why`, `queue` and
// `workers …` to the command line. `chosen` gets the verb that was given; all outlive the parsing.
void AddLifecycleVerbs(CLI::App& app, const Globals& globals, std::function<int()>& chosen);

}  // namespace tutti::cli
