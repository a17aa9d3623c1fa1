#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/result.h"

// EMNIST's mapping files: one line per class, "LABEL CODE [CODE]": the stored label and the ASCII
// codes of the characters it stands for (letters: upper and lower case).

namespace tutti {

// The first character of each class as its name; index = label - first_label. kDataLoss names
// line, found and expected: not numbers, a label that is not the next one, a code that is no
// letter or digit, another number of classes than `classes`.
Result<std::vector<std::string>> ParseLabelMapping(std::string_view text, int first_label,
                                                   int classes, const std::string& path);

}  // namespace tutti
