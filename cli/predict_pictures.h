#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/database.h"
#include "cli/checkpoint_id.h"
#include "experiments/core/result.h"

// From files to what a network sees.

namespace tutti::cli {

// What a trial's network takes, and how its data set was made of pictures.
struct NetworkInput {
  std::int64_t channels = 1, height = 28, width = 28;
  bool whole_pictures = false;  // trained on folders of pictures: not cut out and centred
  bool invert = false;          // as data.options.invert of such a set
};

// From the trial's configuration and what its trainer said of its data.
Result<NetworkInput> ReadNetworkInput(Database& database, const CheckpointId& id);

// One image for the network, or why there is none.
struct PreparedPicture {
  std::string file;               // as the user named it; "-" = standard input
  std::int64_t character = 0;     // position in the picture, from 0
  std::int64_t left = 0, top = 0, right = 0, bottom = 0;  // where in the picture
  std::vector<std::uint8_t> pixels;                       // c x h x w; empty if `error` is set
  std::optional<Error> error;
};

struct PrepareOptions {
  bool segment = false;  // several characters in a picture
  bool prepare = true;   // false: the whole picture as it is, only resized
};

// Files, folders (their pictures, sorted by name) and "-" in the given order.
std::vector<PreparedPicture> PreparePictures(const std::vector<std::string>& paths,
                                             const NetworkInput& input,
                                             const PrepareOptions& options);

}  // namespace tutti::cli
