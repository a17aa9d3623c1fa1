#include "worker/data/concat_dataset.h"

#include <algorithm>
#include <utility>

#include "worker/data/data_options.h"
#include "worker/data/dataset_files.h"

namespace tutti {
namespace {

struct Part {
  DataConfig config;           // dataset, root, options
  std::vector<std::int64_t> classes;  // empty: all
  std::int64_t per_class = 0;         // 0: all
  Json labels;                        // {old name: new name} or null
  std::string selection;              // what of it is taken, as text: part of the identity
};

Error InPart(std::size_t index, const std::string& dataset, const Error& error) {
  return error.Wrap("part " + std::to_string(index + 1) + " of data.options.parts (" + dataset +
                    ")");
}

Status ReadClasses(const Json& json, std::vector<std::int64_t>& classes) {
  const Json* found = FindOption(json, "classes");
  if (found == nullptr) return Ok{};
  const Error wrong = InvalidArgument("classes is " + found->Dump() + ", expected labels, each once");
  if (!found->is_array()) return wrong;
  for (const Json& item : found->AsArray()) {
    if (!item.is_int() ||
        std::find(classes.begin(), classes.end(), item.AsInt()) != classes.end()) {
      return wrong;
    }
    classes.push_back(item.AsInt());
  }
  return Ok{};
}

Result<Part> ReadPart(const Json& json, const std::string& root) {
  TUTTI_RETURN_IF_ERROR(CheckOptionKeys(
      json, {"dataset", "root", "options", "classes", "per_class", "labels"}, "a part of concat"));
  Part part;
  TUTTI_RETURN_IF_ERROR(ReadText(json, "dataset", part.config.dataset));
  if (part.config.dataset.empty() || part.config.dataset == "concat") {
    return InvalidArgument("dataset is \"" + part.config.dataset +
                           "\", expected the name of a data set other than concat");
  }
  TUTTI_ASSIGN_OR_RETURN(part.config.root, ReadDataPath(json, "root", root, "a folder"));
  if (part.config.root.empty()) part.config.root = root;
  if (const Json* options = FindOption(json, "options")) part.config.options = *options;
  TUTTI_RETURN_IF_ERROR(ReadClasses(json, part.classes));
  TUTTI_RETURN_IF_ERROR(ReadCount(json, "per_class", 1, 100'000'000, part.per_class));
  if (const Json* labels = FindOption(json, "labels")) {
    bool good = labels->is_object();
    if (good) {
      for (const auto& [from, to] : labels->AsObject()) good = good && to.is_string();
    }
    if (!good) {
      return InvalidArgument("labels is " + labels->Dump() +
                             ", expected a map from names of classes to names");
    }
    part.labels = *labels;
  }
  Json classes = Json::MakeArray();
  for (const std::int64_t k : part.classes) classes.Append(k);
  part.selection = Json::MakeArray({classes, part.per_class, part.labels}).Dump();
  return part;
}

// For each class of a part its class in the whole, or -1 if it is left out.
Result<std::vector<std::int32_t>> UnifyClasses(const Part& part, const Dataset& data,
                                               std::vector<std::string>& names) {
  std::vector<std::string> own = data.class_names;
  if (part.labels.is_object()) {
    for (const auto& [from, to] : part.labels.AsObject()) {
      const auto found = std::find(data.class_names.begin(), data.class_names.end(), from);
      if (found == data.class_names.end()) {
        return InvalidArgument("labels renames \"" + from + "\", which is no class of " +
                               data.name);
      }
      own[static_cast<std::size_t>(found - data.class_names.begin())] = to.AsString();
    }
  }
  std::vector<std::int64_t> taken = part.classes;
  if (taken.empty()) {
    for (std::size_t k = 0; k < own.size(); ++k) taken.push_back(static_cast<std::int64_t>(k));
  }
  std::vector<std::int32_t> classes(own.size(), -1);
  for (const std::int64_t k : taken) {
    if (k < 0 || k >= static_cast<std::int64_t>(own.size())) {
      return InvalidArgument("classes: " + std::to_string(k) + " is no class of " + data.name +
                             ", which has 0 to " + std::to_string(own.size() - 1));
    }
    const std::string& name = own[static_cast<std::size_t>(k)];
    auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) found = names.insert(names.end(), name);
    classes[static_cast<std::size_t>(k)] = static_cast<std::int32_t>(found - names.begin());
  }
  return classes;
}

// Which images of a half are taken, ascending.
Result<std::vector<std::size_t>> ChooseImages(const Part& part, const Dataset& data,
                                              const ImageSet& half,
                                              const std::vector<std::int32_t>& classes,
                                              bool exactly) {
  std::vector<std::vector<std::size_t>> by_class(classes.size());
  for (std::size_t i = 0; i < half.labels.size(); ++i) {
    const std::int32_t label = half.labels[i];
    if (label < 0) {
      return InvalidArgument("image " + std::to_string(i) +
                             " has no label; a part of concat needs all of them");
    }
    if (classes[static_cast<std::size_t>(label)] < 0) continue;
    by_class[static_cast<std::size_t>(label)].push_back(i);
  }
  std::vector<std::size_t> chosen;
  for (std::size_t k = 0; k < by_class.size(); ++k) {
    const std::vector<std::size_t>& images = by_class[k];
    if (classes[k] < 0) continue;
    std::size_t count = images.size();
    if (part.per_class > 0) {
      count = std::min(count, static_cast<std::size_t>(part.per_class));
      if (exactly && count < static_cast<std::size_t>(part.per_class)) {
        return InvalidArgument("per_class is " + std::to_string(part.per_class) + ", but class " +
                               data.class_names[k] + " of " + data.name + " has " +
                               std::to_string(images.size()) + " train images");
      }
    }
    for (std::size_t j = 0; j < count; ++j) chosen.push_back(images[j * images.size() / count]);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

void Append(const ImageSet& from, const std::vector<std::size_t>& images,
            const std::vector<std::int32_t>& classes, ImageSet& to) {
  const auto width = static_cast<std::size_t>(from.c * from.h * from.w);
  to.c = from.c;
  to.h = from.h;
  to.w = from.w;
  to.pixels.reserve(to.pixels.size() + images.size() * width);
  for (const std::size_t i : images) {
    const auto begin = from.pixels.begin() + static_cast<std::ptrdiff_t>(i * width);
    to.pixels.insert(to.pixels.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
    to.labels.push_back(classes[static_cast<std::size_t>(from.labels[i])]);
  }
  to.n += static_cast<std::int64_t>(images.size());
}

std::string ShapeText(const ImageSet& set) {
  return std::to_string(set.c) + " x " + std::to_string(set.h) + " x " + std::to_string(set.w);
}

Status AddPart(const Part& part, const Dataset& data, NeededHalves present, Dataset& whole) {
  TUTTI_ASSIGN_OR_RETURN(const auto classes, UnifyClasses(part, data, whole.class_names));
  const std::pair<const ImageSet*, ImageSet*> halves[] = {{&data.train, &whole.train},
                                                          {&data.test, &whole.test}};
  for (const auto& [from, to] : halves) {
    const bool is_train = from == &data.train;
    if (!(is_train ? present.train : present.test)) continue;
    if (to->n > 0 && (to->c != from->c || to->h != from->h || to->w != from->w)) {
      return InvalidArgument("its images are " + ShapeText(*from) +
                             ", those of the parts before it " + ShapeText(*to) +
                             "; parts must have the same shape");
    }
    TUTTI_ASSIGN_OR_RETURN(const auto images, ChooseImages(part, data, *from, classes, is_train));
    Append(*from, images, classes, *to);
  }
  return Ok{};
}

}  // namespace

Result<Dataset> LoadConcat(const Json& options, const std::string& root, NeededHalves needed) {
  TUTTI_RETURN_IF_ERROR(CheckOptionKeys(options, {"parts"}, "concat"));
  const Json* list = FindOption(options, "parts");
  if (list == nullptr || !list->is_array() || list->size() == 0) {
    return InvalidArgument("data set concat needs data.options.parts, a list of data sets");
  }
  std::vector<Part> parts;
  std::vector<Dataset> loaded;
  NeededHalves present{true, true};
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto part = ReadPart((*list)[i], root);
    if (!part) return InPart(i, (*list)[i].Dump().substr(0, 60), part.error());
    auto data = LoadDataset(part->config, root, needed);
    if (!data) return InPart(i, part->config.dataset, data.error());
    present.train = present.train && data->train.n > 0;
    present.test = present.test && data->test.n > 0;
    parts.push_back(std::move(*part));
    loaded.push_back(std::move(*data));
  }
  if (!present.train && !present.test) {
    return InvalidArgument("data set concat: neither a train half nor a test half is in every part");
  }
  Dataset whole;
  whole.name = "concat";
  DatasetFiles files;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Status added = AddPart(parts[i], loaded[i], present, whole);
    if (!added) return InPart(i, parts[i].config.dataset, added.error());
    files.Add(loaded[i].name + " " + parts[i].selection, loaded[i].sha256);
    loaded[i] = Dataset();  // its pixels are copied
  }
  whole.sha256 = files.Identity();
  return whole;
}

}  // namespace tutti
