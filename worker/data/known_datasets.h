#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What is known about the data sets that come as files with official names.

namespace tutti {

struct KnownDataset {
  std::string_view name;                   // "emnist/letters"
  std::vector<std::string_view> folders;   // below the root, in the order they are tried
  // Without ".gz": train images, train labels, test images, test labels.
  std::array<std::string, 4> files;
  std::string mapping;                     // EMNIST: file of "label upper [lower]" codes, else ""
  int classes = 0;
  int first_label = 0;                     // as stored; 1 for EMNIST letters
  bool transposed = false;                 // rows and columns are exchanged in the files
  std::vector<std::string_view> class_names;  // empty: from the mapping file

  // The four files and the mapping, where there is one.
  std::vector<std::string> AllFiles() const;
  // The name `tutti data fetch` takes.
  std::string_view FetchName() const;
};

const std::vector<KnownDataset>& KnownDatasets();
// nullptr if there is none of that name.
const KnownDataset* FindKnownDataset(std::string_view name);

// Where `file` or `file`.gz of this set lies below root; nothing if in none of its folders.
std::optional<std::string> LocateFile(const KnownDataset& set, const std::string& root,
                                      const std::string& file);

}  // namespace tutti
