#pragma once

#include <string>
#include <vector>

// The words that users of Determined's `det` are used to, in ours. Pure; docs/det.md has the table.

namespace tutti::cli {

// `words` is what follows the program's name. "e list", "experiment pause 3", "t logs 3.2",
// "job update 3 --priority 10", "agent disable w1" become "ls", "pause 3", "logs 3.2",
// "set priority 3 10", "workers drain w1 --now"; anything else is left as it is. Global options may
// stand before the noun.
std::vector<std::string> FromDetWords(std::vector<std::string> words);

}  // namespace tutti::cli
