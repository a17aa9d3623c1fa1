#pragma once

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "experiments/models/graph.h"

// Presets: layer lists with named parameters, embedded from presets/NAME.yaml. Inside `layers` the
// text "$width" stands for the parameter's value and "$width*2" for a multiple of an integer one.

namespace tutti {

// Reads the text of a preset file (JSON, which is YAML too).
Result<Preset> ParsePreset(std::string_view text);

// The layer list of `preset` with values for its parameters; `given` holds those that differ from
// the defaults. Errors: an unknown parameter (with a suggestion), a value of the wrong type or out
// of range, a "$name" that the preset does not declare.
Result<Json> ExpandPreset(const Preset& preset, const Json& given);

// The same for a model {"preset": name, params…}. REQUIRES: it has the key "preset". Errors: also
// an unknown preset (with a suggestion).
Result<Json> ExpandPreset(const Json& model);

}  // namespace tutti
