#include "experiments/spec/field_builders.h"

namespace tutti::spec {
namespace {

const std::string kDataset = "data.dataset";

// Options of the data sets that are the user's own files.
void AddFileOptions(std::vector<Field>& t) {
  const auto only = [](const char* dataset, Field f) {
    return OnlyIf(kDataset, {dataset}, std::move(f));
  };
  const auto text = [](const char* name, std::string doc) {
    return Plain(FieldKind::kString, std::string("data.options.") + name, {}, std::move(doc));
  };
  t.push_back(only("csv", Required(text("train", "A CSV file with a header: one column of labels, "
                                                 "the others pixels 0..255; relative to "
                                                 "data.root."))));
  t.push_back(only("csv", Optional(text("test", "The same for the test; without the label column "
                                                "its items are predicted, not measured."))));
  t.push_back(only("images", Required(text("train", "A directory with one folder of pictures per "
                                                    "class; relative to data.root."))));
  t.push_back(only("images", Optional(text("test", "The same for the test."))));
  for (const char* name : {"train_images", "train_labels", "test_images", "test_labels"}) {
    t.push_back(only("idx", Optional(text(name, "An IDX file (or .gz), relative to data.root."))));
  }
  t.push_back(only("idx", Int("data.options.first_label", 0, {0, 255},
                              "The label of the first class.")));
  t.push_back(only("idx", Plain(FieldKind::kBool, "data.options.transposed", false,
                                "Rows and columns are exchanged in the files, as in EMNIST's.")));
  t.push_back(only("csv", Plain(FieldKind::kString, "data.options.label", "label",
                                "The name of the column with the labels.")));
  const auto sizes = [](const char* name, Json value, std::string doc) {
    Field field = Number(FieldKind::kIntList, std::string("data.options.") + name,
                         std::move(value), {1, 4096}, std::move(doc));
    field.repeats = true;
    return field;
  };
  t.push_back(only("csv", sizes("shape", Json::MakeArray({1, 28, 28}),
                                "Channels, height and width of an item.")));
  t.push_back(only("images", Unit("pixels", sizes("size", Json::MakeArray({28, 28}),
                                                  "Height and width to which every picture is "
                                                  "scaled."))));
  t.push_back(only("images", Int("data.options.channels", 1, {1, 3}, "1: grey, 3: colour.")));
  t.push_back(only("images", Plain(FieldKind::kBool, "data.options.invert", false,
                                   "The pictures are dark on bright; the model shall see them "
                                   "bright on dark, as MNIST's digits.")));
  t.push_back(OnlyIf(kDataset, {"idx", "csv"},
                     Optional(Plain(FieldKind::kStringList, "data.options.class_names", {},
                                    "Names of the classes, in the order of their labels."))));
  t.push_back(only("concat", Required(Make(
      FieldKind::kParts, "data.options.parts",
      "The data sets to join. Classes of the same name become one class."))));
  t.push_back(Required(Plain(FieldKind::kString, "data.options.parts.dataset", {},
                             "As data.dataset, but for concat.")));
  t.push_back(Optional(Plain(FieldKind::kPath, "data.options.parts.root", {},
                             "As data.root; without it, that of the experiment.")));
  t.push_back(Plain(FieldKind::kPartOptions, "data.options.parts.options", Json::MakeObject(),
                    "As data.options of the part's data set."));
  t.push_back(Number(FieldKind::kIntList, "data.options.parts.classes", Json::MakeArray(),
                     {0, 1e6}, "Use only these classes of the part; an empty list is all."));
  t.push_back(Unit("items", Optional(Int("data.options.parts.per_class", {}, {1, kMaxCount},
                                         "Use only so many items of each class of the part."))));
  t.push_back(Plain(FieldKind::kTextMap, "data.options.parts.labels", Json::MakeObject(),
                    "New names for classes of the part, {old: new}."));
}

void AddAugmentation(std::vector<Field>& t) {
  const auto amount = [&](const char* name, const char* unit, Range range, std::string doc) {
    t.push_back(Varies(Unit(unit, Float(std::string("data.augment.") + name, 0.0, range,
                                        std::move(doc)))));
  };
  t.push_back(Varies(Map("data.augment",
                         "Random changes of the training images, other ones in every epoch.")));
  amount("rotate", "degrees", {0, 180}, "Rotation, uniform in plus or minus this.");
  amount("shift", "fraction of the side", {0, 1}, "Shift along both axes, uniform in plus or minus "
                                                 "this.");
  amount("zoom", "fraction", {0, 1, false, true}, "Scale, uniform in 1 minus this to 1 plus this.");
  amount("shear", "degrees", {0, 90, false, true}, "Shear, uniform in plus or minus this.");
  amount("erase", "probability", {0, 1}, "A random rectangle of the image becomes background.");
  t.push_back(Varies(Unit("fraction of the image",
                          Float("data.augment.erase_area", 0.1, {0, 1, true},
                                "Largest area of that rectangle."))));
}

}  // namespace

void AddData(std::vector<Field>& t) {
  const auto glyphs = [](Field f) { return OnlyIf(kDataset, {"glyphs"}, std::move(f)); };
  t.push_back(Required(Map("data", "What to learn from.")));
  t.push_back(Required(Enum(
      kDataset, {},
      {"glyphs", "mnist", "fashion-mnist", "kmnist", "emnist/balanced", "emnist/byclass",
       "emnist/bymerge", "emnist/digits", "emnist/letters", "emnist/mnist", "idx", "csv", "images",
       "concat"},
      {},
      "The data set. glyphs is drawn by Tutti itself; the others are files below the root "
      "(`tutti data fetch NAME` gets the known ones). idx, csv and images read files of your own, "
      "concat joins several sets.")));
  t.push_back(Plain(FieldKind::kPath, "data.root", "",
                    "Directory of the data files; relative to the experiment file. Empty: the "
                    "worker's own data root."));
  t.push_back(Map("data.options", "Options of one kind of data set."));
  t.push_back(glyphs(Unit("images", Int("data.options.train", 10000, {1, 1e6},
                                        "Images drawn for training and validation."))));
  t.push_back(glyphs(Unit("images", Int("data.options.test", 2000, {1, 1e6},
                                        "Images drawn for the test split."))));
  t.push_back(glyphs(Int("data.options.seed", 0, {0, kMaxSeed},
                         "Seed of the drawing; the same seed draws the same images.")));
  t.push_back(glyphs(Int("data.options.classes", 36, {2, 36},
                         "The first so many classes of 0-9 and A-Z.")));
  AddFileOptions(t);
  t.push_back(Map("data.splits",
                  "How the items are divided. Only `validation`: so much is taken from the "
                  "training half. `train`, `validation` and `test` (sum 1): for sets without a "
                  "test half."));
  t.push_back(Optional(Float("data.splits.train", {}, {0, 1, true, true},
                             "Fraction for training, in the three-way form.")));
  t.push_back(Float("data.splits.validation", 0.1, {0, 1, false, true},
                    "Fraction for validation, stratified by class."));
  t.push_back(Optional(Float("data.splits.test", {}, {0, 1, false, true},
                             "Fraction for the test, in the three-way form.")));
  t.push_back(Varies(Unit("items", Optional(Int("data.subset", {}, {2, kMaxCount},
                                                "Use only so many training items, stratified, "
                                                "taken before the split.")))));
  t.push_back(Number(FieldKind::kIntList, "data.classes", Json::MakeArray(), {0, 1e6},
                     "Use only these classes; an empty list is all."));
  AddAugmentation(t);
  t.push_back(Varies(OrWord("scale", Plain(FieldKind::kMap, "data.normalize", "scale",
                                           "`scale` maps pixels to 0..1; with mean and std they "
                                           "are then (x - mean) / std."))));
  t.push_back(Required(Float("data.normalize.mean", {}, {-1e6, 1e6}, "Subtracted from 0..1.")));
  t.push_back(Required(Float("data.normalize.std", {}, {0, 1e6, true}, "Divisor.")));
  t.push_back(OrWord("per_trial",
                     Optional(Int("data.split_seed", {}, {0, kMaxSeed},
                                  "Seed of the split, shared by all trials; `per_trial` splits by "
                                  "each trial's own seed. Default: the experiment's seed."))));
}

}  // namespace tutti::spec
