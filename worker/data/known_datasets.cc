#include "worker/data/known_datasets.h"

#include <filesystem>

namespace tutti {
namespace {

const std::array<std::string, 4> kMnistFiles{"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                             "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

KnownDataset Emnist(std::string_view name, int classes, int first_label) {
  const std::string base = "emnist-" + std::string(name.substr(name.find('/') + 1)) + "-";
  KnownDataset set;
  set.name = name;
  set.folders = {"emnist", "EMNIST/raw", "."};
  set.files = {base + "train-images-idx3-ubyte", base + "train-labels-idx1-ubyte",
               base + "test-images-idx3-ubyte", base + "test-labels-idx1-ubyte"};
  set.mapping = base + "mapping.txt";
  set.classes = classes;
  set.first_label = first_label;
  set.transposed = true;
  return set;
}

// The second folder is torchvision's. Fashion-MNIST and KMNIST use MNIST's file names, so that
// files directly in the root can only be taken for MNIST.
std::vector<KnownDataset> MakeTable() {
  std::vector<KnownDataset> table;
  table.push_back({"mnist", {"mnist", "MNIST/raw", "."}, kMnistFiles, "", 10, 0, false,
                   {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}});
  table.push_back({"fashion-mnist", {"fashion-mnist", "FashionMNIST/raw"}, kMnistFiles, "", 10, 0,
                   false,
                   {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
                    "Sneaker", "Bag", "Ankle boot"}});
  table.push_back({"kmnist", {"kmnist", "KMNIST/raw"}, kMnistFiles, "", 10, 0, false,
                   {"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"}});
  table.push_back(Emnist("emnist/balanced", 47, 0));
  table.push_back(Emnist("emnist/byclass", 62, 0));
  table.push_back(Emnist("emnist/bymerge", 47, 0));
  table.push_back(Emnist("emnist/digits", 10, 0));
  table.push_back(Emnist("emnist/letters", 26, 1));
  table.push_back(Emnist("emnist/mnist", 10, 0));
  return table;
}

}  // namespace

std::vector<std::string> KnownDataset::AllFiles() const {
  std::vector<std::string> all(files.begin(), files.end());
  if (!mapping.empty()) all.push_back(mapping);
  return all;
}

std::string_view KnownDataset::FetchName() const { return name.substr(0, name.find('/')); }

const std::vector<KnownDataset>& KnownDatasets() {
  static const std::vector<KnownDataset> table = MakeTable();
  return table;
}

const KnownDataset* FindKnownDataset(std::string_view name) {
  for (const KnownDataset& set : KnownDatasets()) {
    if (set.name == name) return &set;
  }
  return nullptr;
}

std::optional<std::string> LocateFile(const KnownDataset& set, const std::string& root,
                                      const std::string& file) {
  for (const std::string_view folder : set.folders) {
    for (const std::string_view suffix : {"", ".gz"}) {
      const auto path = (std::filesystem::path(root) / folder / file).lexically_normal();
      const std::string candidate = path.string() + std::string(suffix);
      std::error_code error;
      // What may not be looked at counts as there: opening it then says why it cannot be used.
      if (std::filesystem::is_regular_file(candidate, error) ||
          error == std::errc::permission_denied) {
        return candidate;
      }
    }
  }
  return std::nullopt;
}

}  // namespace tutti
