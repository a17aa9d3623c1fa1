#include "worker/data/label_mapping.h"

#include <sstream>

namespace tutti {

Result<std::vector<std::string>> ParseLabelMapping(std::string_view text, int first_label,
                                                   int classes, const std::string& path) {
  std::vector<std::string> names;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream fields(line);
    if ((fields >> std::ws).eof()) continue;
    const std::string where = path + ":" + std::to_string(number) + ": ";
    int label = 0;
    int code = 0;
    if (!(fields >> label >> code)) {
      return DataLoss(where + "\"" + line + "\", expected a label and an ASCII code");
    }
    const int next = first_label + static_cast<int>(names.size());
    if (label != next) {
      return DataLoss(where + "label " + std::to_string(label) + ", expected " +
                      std::to_string(next));
    }
    const bool known = (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
                       (code >= 'a' && code <= 'z');
    if (!known) {
      return DataLoss(where + "code " + std::to_string(code) +
                      " is no ASCII digit or letter");
    }
    names.emplace_back(1, static_cast<char>(code));
  }
  if (static_cast<int>(names.size()) != classes) {
    return DataLoss(path + ": " + std::to_string(names.size()) + " classes, expected " +
                    std::to_string(classes));
  }
  return names;
}

}  // namespace tutti
