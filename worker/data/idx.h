#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/core/result.h"
#include "worker/data/dataset.h"

// The IDX format of MNIST (http://yann.lecun.com/exdb/mnist, "file format"), unsigned bytes only:
// u32 BE magic 0x0000080D (D = number of dimensions), D x u32 BE sizes, the values row-major.

namespace tutti {

inline constexpr std::uint32_t kIdxImageMagic = 0x00000803;
inline constexpr std::uint32_t kIdxLabelMagic = 0x00000801;

// Takes the unpacked bytes of an image file: n x h x w. Fills all of ImageSet but the labels.
// `path` is for messages. kDataLoss: wrong magic, truncated, trailing bytes, empty images.
Result<ImageSet> DecodeIdxImages(std::vector<std::uint8_t> bytes, const std::string& path);

// n labels as stored.
Result<std::vector<std::uint8_t>> DecodeIdxLabels(std::vector<std::uint8_t> bytes,
                                                  const std::string& path);

// Swaps rows and columns of every image. REQUIRES: h == w.
void TransposeImages(ImageSet& images);

}  // namespace tutti
