#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/spec/diagnostic.h"

// The one table of all fields of an experiment file. Validation, defaults, canonical JSON, JSON
// Schema and `tutti explain` all come from it; nothing else knows a default or a range.

namespace tutti::spec {

enum class FieldKind {
  kMap,         // has sub-fields in the table
  kString,
  kPath,        // a string; relative ones are joined to the directory of their source
  kInt,
  kNumber,      // an integer or a float; finite
  kBool,
  kEnum,
  kEnumList,
  kIntList,
  kNumberList,
  kStringList,
  kTwoNumbers,  // a list of two
  kTextMap,     // a map of strings to strings
  kAnyMap,      // a map that is taken as it is
  kItems,       // a list of maps, whose fields stand below the list's path
  kCommand,     // a program and its arguments, or one line for the shell
  kParts,       // concat: a list of data sets, each like `data` with some more fields
  kPartOptions, // the options of such a part: those of `data.options`
  kModel,       // a preset with its parameters, or a list of layers (experiments/models)
  kSpaces,      // the search space (search_spaces.h)
};

enum class Need { kRequired, kOptional, kDefault };

// Whose experiments a section belongs to.
enum class Trainer { kAny, kBuiltIn, kProgram };

struct Field {
  std::string path;
  FieldKind kind = FieldKind::kMap;
  std::string doc;
  Need need = Need::kDefault;  // a map is filled in if any of its sub-fields has a default
  Json default_value;          // kDefault of scalars and lists
  double min = -std::numeric_limits<double>::infinity();  // of numbers, or of a list's items
  double max = std::numeric_limits<double>::infinity();
  bool above_min = false;  // min itself is excluded
  bool below_max = false;  // max itself is excluded
  bool repeats = false;    // kIntList: a value may stand twice
  std::vector<std::string> choices;  // kEnum, kEnumList
  std::vector<std::string> later;    // choices that exist in the design but not in this version
  bool open = false;       // kEnum: with an entrypoint, any other word too
  bool empty_items = false;  // kTextMap: "" is a value
  Trainer trainer = Trainer::kAny;
  std::string word;       // a word that may stand instead of the value: "scale", "per_trial"
  std::string short_for;  // kMap, and items of kItems: a bare value stands for the map with only
                          // this sub-field
  std::string unit;
  // The field applies only while this enum field has one of these values.
  std::string only_if;
  std::vector<std::string> only_values;
  // With only_if: the default is filled in all the same, so that readers find the field.
  bool always_filled = false;
  bool varies = false;  // may be named in `hyperparameters`

  // "optimizer" of "training.optimizer".
  std::string_view name() const;
};

// In the order of the canonical document; a map comes before its sub-fields. A path may stand twice
// if only one of both fields applies (data.options.train of different data sets).
const std::vector<Field>& Fields();
// The first with this path.
const Field* FindField(std::string_view path);
// Direct sub-fields; "" = the sections.
std::vector<const Field*> SubFields(std::string_view path);
// "an integer from 1 to 99", "one of adam, adamw or sgd": what a value must be.
std::string Expectation(const Field& field);
// The same for one item of a list.
std::string ItemExpectation(const Field& field);

// A key that means something elsewhere (in Determined, or in a later version of Tutti).
struct ForeignField {
  std::string path;
  Severity severity;
  std::string reason;
};
const ForeignField* FindForeignField(std::string_view path);

// Why a word that stands in Determined's files is not taken here; nullptr: not known.
const std::string* FindForeignChoice(std::string_view path, std::string_view word);

// Short names that `hyperparameters` accepts, as Determined's users write them.
struct Alias {
  std::string_view name;
  std::string_view path;
};
const std::vector<Alias>& HyperparameterAliases();

}  // namespace tutti::spec
