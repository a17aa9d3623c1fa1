# tutti_embed_presets(OUTPUT file.cc NAMES a b …): writes presets/NAME.yaml as string literals, at
# configure time and again whenever one of them changes. No Python: the trainer-only build has none.
function(tutti_embed_presets)
  cmake_parse_arguments(ARG "" "OUTPUT" "NAMES" ${ARGN})
  set(rows "")
  foreach(name ${ARG_NAMES})
    set(path "${CMAKE_CURRENT_SOURCE_DIR}/presets/${name}.yaml")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
    file(READ "${path}" text)
    string(APPEND rows "    R\"preset(${text})preset\",\n")
  endforeach()
  file(CONFIGURE OUTPUT "${ARG_OUTPUT}" @ONLY CONTENT
"// Made by embed_presets.cmake from experiments/models/presets.
#include \"experiments/models/preset_texts.h\"

namespace tutti {

std::vector<std::string_view> PresetTexts() {
  return {
@rows@  };
}

}  // namespace tutti
")
endfunction()
