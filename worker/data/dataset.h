#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/result.h"

// Labelled images, decoded once into memory, in the order of their source files.

namespace tutti {

// n images of c x h x w bytes (NCHW, row-major, 0 = background, 255 = ink) and their labels.
struct ImageSet {
  std::vector<std::uint8_t> pixels;  // n * c * h * w
  std::int64_t n = 0;
  std::int64_t c = 0;
  std::int64_t h = 0;
  std::int64_t w = 0;
  std::vector<std::int32_t> labels;  // n values in 0 … classes - 1; -1 = not known (test only)
};

// Both halves have the same c, h and w. A half that is not there has n = 0.
struct Dataset {
  ImageSet train;
  ImageSet test;
  std::vector<std::string> class_names;  // index = label
  std::string name;                      // as in the configuration: "emnist/letters"
  // Identity of the data: SHA-256 over "FILE NAME  SHA-256 of its bytes\n" of its files, in the
  // order train images, train labels, test images, test labels, mapping. A file that was unpacked
  // counts as another file. For glyphs it names the version of the generator.
  std::string sha256;
};

// Which halves somebody is going to use. The other one may be missing.
struct NeededHalves {
  bool train = true;
  bool test = true;
};

// The halves that `splits` of this configuration are taken from.
NeededHalves HalvesOf(const DataConfig& config, std::span<const Split> splits);

// Loads what config.dataset names: glyphs, mnist, fashion-mnist, kmnist,
// emnist/{balanced,byclass,bymerge,digits,letters,mnist}, idx, csv (csv_dataset.h), images
// (image_folders.h) or concat (concat_dataset.h). A half that is not needed is not
// read where the set comes in official files, and then has n = 0; the identity is that of the
// files read. Halves that the options of an idx, csv, images or concat set do not name are no
// error: those sets have what they have. Files are looked for in config.root, or in default_root if that is empty; below it in the set's own folder, then in the
// root itself; "NAME" is preferred to "NAME.gz". config.subset, classes and fractions are not
// applied here: see MakeSplits (splits.h).
//
// Errors: kInvalidArgument for an unknown name or bad options; kNotFound names the missing file
// and the command that gets it; kDataLoss for wrong magic, truncation, trailing bytes, counts that
// differ and labels out of range, with file, found and expected.
Result<Dataset> LoadDataset(const DataConfig& config, const std::string& default_root,
                            NeededHalves needed = {});

// Every name LoadDataset knows, in the order people see them.
const std::vector<std::string>& DatasetNames();

}  // namespace tutti
