#include "cli/det_words.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

namespace tutti::cli {
namespace {

using Words = std::vector<std::string>;

enum class Noun { kNone, kExperiment, kTrial, kJob, kAgent, kSlot };

Noun NounOf(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, Noun>, 10> kNouns{
      {{"e", Noun::kExperiment},
       {"experiment", Noun::kExperiment},
       {"t", Noun::kTrial},
       {"trial", Noun::kTrial},
       {"j", Noun::kJob},
       {"job", Noun::kJob},
       {"a", Noun::kAgent},
       {"agent", Noun::kAgent},
       {"s", Noun::kSlot},
       {"slot", Noun::kSlot}}};
  for (const auto& [text, noun] : kNouns) {
    if (word == text) return noun;
  }
  return Noun::kNone;
}

bool IsHelp(const std::string& word) { return word == "-h" || word == "--help"; }

// What follows the noun "experiment" or "trial" are mostly our own verbs.
Words OfExperiment(Words rest) {
  if (rest.empty() || rest[0] == "list") {
    if (!rest.empty()) rest.erase(rest.begin());
    rest.insert(rest.begin(), "ls");
    return rest;
  }
  const std::string verb = rest[0];
  if (verb == "list-trials" || verb == "lt") rest[0] = "ls";
  if (verb == "activate") rest[0] = "resume";
  if (verb == "create") rest[0] = "submit";
  if (verb == "set" && rest.size() > 1 && rest[1] == "gc-policy") rest[1] = "retention";
  return rest;
}

// "update ID --priority 3", "update ID -w 2".
Words OfJob(const Words& rest) {
  if (rest.empty() || rest[0] == "list" || rest[0] == "ls") {
    Words queue{"queue"};
    if (!rest.empty()) queue.insert(queue.end(), rest.begin() + 1, rest.end());
    return queue;
  }
  const bool update = rest[0] == "update" || rest[0] == "u";
  for (std::size_t i = 2; update && i + 1 < rest.size(); ++i) {
    const bool priority = rest[i] == "--priority" || rest[i] == "-p";
    if (!priority && rest[i] != "--weight" && rest[i] != "-w") continue;
    Words set{"set", priority ? "priority" : "weight", rest[1], rest[i + 1]};
    set.insert(set.end(), rest.begin() + 2, rest.begin() + static_cast<std::ptrdiff_t>(i));
    set.insert(set.end(), rest.begin() + static_cast<std::ptrdiff_t>(i) + 2, rest.end());
    return set;
  }
  return rest;
}

// det disables an agent at once, unless --drain lets its tasks end.
Words OfAgent(Words rest) {
  if (rest.empty() || rest[0] == "list") {
    if (!rest.empty()) rest.erase(rest.begin());
    rest.insert(rest.begin(), "workers");
  } else if (rest[0] == "enable") {
    rest[0] = "undrain";
    rest.insert(rest.begin(), "workers");
  } else if (rest[0] == "disable") {
    rest[0] = "drain";
    const auto gently = std::find(rest.begin(), rest.end(), "--drain");
    if (gently != rest.end()) {
      rest.erase(gently);
    } else {
      rest.push_back("--now");
    }
    rest.insert(rest.begin(), "workers");
  }
  return rest;
}

Words Translate(Noun noun, Words rest) {
  switch (noun) {
    case Noun::kExperiment:
    case Noun::kTrial: return OfExperiment(std::move(rest));
    case Noun::kJob: return OfJob(rest);
    case Noun::kAgent: return OfAgent(std::move(rest));
    case Noun::kSlot:
      if (!rest.empty() && rest[0] != "list") return rest;
      return OfAgent(std::move(rest));
    case Noun::kNone: break;
  }
  return rest;
}

}  // namespace

std::vector<std::string> FromDetWords(std::vector<std::string> words) {
  constexpr std::array<std::string_view, 5> kWithValue = {"--state", "--coordinator", "--db", "-o",
                                                          "--output"};
  auto noun = words.begin();
  while (noun != words.end() && noun->starts_with("-")) {
    const bool value = std::find(kWithValue.begin(), kWithValue.end(), *noun) != kWithValue.end();
    ++noun;
    if (value && noun != words.end()) ++noun;
  }
  if (noun == words.end() || NounOf(*noun) == Noun::kNone) return words;
  // `tutti e --help`: there is help for verbs only.
  if (std::next(noun) != words.end() && IsHelp(*std::next(noun))) {
    words.erase(noun);
    return words;
  }
  Words ours(words.begin(), noun);
  const Words rest = Translate(NounOf(*noun), Words(std::next(noun), words.end()));
  ours.insert(ours.end(), rest.begin(), rest.end());
  return ours;
}

}  // namespace tutti::cli
