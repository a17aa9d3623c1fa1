#pragma once

#include <string_view>
#include <vector>

// The files of presets/, one string each; the definition is made by embed_presets.cmake.

namespace tutti {

std::vector<std::string_view> PresetTexts();

}  // namespace tutti
