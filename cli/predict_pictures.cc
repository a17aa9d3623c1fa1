#include "cli/predict_pictures.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "experiments/core/config/experiment_config.h"
#include "worker/data/digit_preparation.h"
#include "worker/data/fit_picture.h"
#include "worker/data/picture.h"

namespace tutti::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{512} << 20;

std::int64_t IntOr(const Json* json, std::int64_t otherwise) {
  return json != nullptr && json->is_int() ? json->AsInt() : otherwise;
}

Result<Picture> ReadStandardInput() {
  std::string bytes;
  std::vector<char> piece(1 << 16);
  while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), stdin)) {
    bytes.append(piece.data(), n);
    if (bytes.size() > kMostBytes) return InvalidArgument("standard input: over 512 MiB");
  }
  if (std::ferror(stdin) != 0) return ErrnoError(errno, "cannot read standard input");
  return DecodePicture(bytes, "standard input");
}

struct PictureFile {
  std::string path;
  std::optional<Error> error;  // of a folder
};

std::vector<PictureFile> ListFiles(const std::vector<std::string>& paths) {
  std::vector<PictureFile> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-" || !fs::is_directory(path, error)) {
      files.push_back({path, std::nullopt});
      continue;
    }
    std::vector<std::string> inside;
    fs::directory_iterator it(path, error);
    for (; !error && it != fs::directory_iterator(); it.increment(error)) {
      std::error_code ignored;  // what is no regular file is passed over
      if (LooksLikePicture(it->path().string()) && it->is_regular_file(ignored)) {
        inside.push_back(it->path().string());
      }
    }
    if (error) {
      files.push_back({path, ErrnoError(error.value(), "cannot list the folder " + path)});
    } else if (inside.empty()) {
      std::string endings;
      for (const std::string& ending : PictureEndings()) {
        endings += (endings.empty() ? "" : ", ") + ending;
      }
      files.push_back({path, NotFound("no pictures in the folder " + path + " (" + endings + ")")});
    }
    std::sort(inside.begin(), inside.end());
    for (std::string& file : inside) files.push_back({std::move(file), std::nullopt});
  }
  return files;
}

PreparedPicture Failed(const std::string& file, const Error& error) {
  PreparedPicture failed;
  failed.file = file;
  failed.error = error;
  return failed;
}

PreparedPicture Whole(const std::string& file, const Picture& picture, const NetworkInput& input) {
  PreparedPicture whole;
  whole.file = file;
  whole.right = picture.width;
  whole.bottom = picture.height;
  whole.pixels =
      FitPicture(picture, {input.channels, input.height, input.width, input.invert});
  return whole;
}

void PrepareOne(const std::string& file, const NetworkInput& input, const PrepareOptions& options,
                std::vector<PreparedPicture>& out) {
  const auto picture = file == "-" ? ReadStandardInput() : ReadPicture(file);
  if (!picture) {
    out.push_back(Failed(file, picture.error()));
    return;
  }
  if (!options.prepare || input.whole_pictures) {
    out.push_back(Whole(file, *picture, input));
    return;
  }
  std::vector<PreparedCharacter> characters;
  if (options.segment) {
    auto several = PrepareDigits(*picture);
    if (!several) return out.push_back(Failed(file, several.error().Wrap(file)));
    characters = std::move(*several);
  } else {
    auto one = PrepareDigit(*picture);
    if (!one) return out.push_back(Failed(file, one.error().Wrap(file)));
    characters.push_back(*one);
  }
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const PreparedCharacter& character = characters[i];
    PreparedPicture prepared;
    prepared.file = file;
    prepared.character = static_cast<std::int64_t>(i);
    prepared.left = character.left;
    prepared.top = character.top;
    prepared.right = character.right;
    prepared.bottom = character.bottom;
    prepared.pixels.assign(character.pixels.begin(), character.pixels.end());
    out.push_back(std::move(prepared));
  }
}

}  // namespace

Result<NetworkInput> ReadNetworkInput(Database& database, const CheckpointId& id) {
  const Json trial = Json::MakeArray({id.experiment, id.trial_no});
  TUTTI_ASSIGN_OR_RETURN(
      const Table document,
      database.Query("SELECT d.canonical_json, t.hparams FROM trials AS t "
                     "JOIN documents AS d ON d.experiment_id = t.experiment_id "
                     "WHERE t.experiment_id = ?1 AND t.trial_no = ?2",
                     trial));
  NetworkInput input;
  if (!document.rows.empty()) {
    TUTTI_ASSIGN_OR_RETURN(const Json canonical, Json::Parse(document.rows[0][0].AsString()));
    TUTTI_ASSIGN_OR_RETURN(const Json hparams, Json::Parse(document.rows[0][1].AsString()));
    const Json config = ApplyHparams(canonical, hparams);
    const Json* dataset = config.FindPath("data.dataset");
    const Json* invert = config.FindPath("data.options.invert");
    input.whole_pictures = dataset != nullptr && *dataset == Json("images");
    input.invert = invert != nullptr && *invert == Json(true);
  }
  TUTTI_ASSIGN_OR_RETURN(
      const Table shape,
      database.Query("SELECT json_extract(s.text, '$.shape[0]'), json_extract(s.text, "
                     "'$.shape[1]'), json_extract(s.text, '$.shape[2]') FROM trials AS t "
                     "JOIN attempts AS a ON a.trial_id = t.trial_id "
                     "JOIN data_statistics AS s ON s.sha256 = a.data_sha256 "
                     "WHERE t.experiment_id = ?1 AND t.trial_no = ?2 "
                     "ORDER BY a.attempt_id DESC LIMIT 1",
                     trial));
  if (!shape.rows.empty()) {
    input.channels = IntOr(&shape.rows[0][0], input.channels);
    input.height = IntOr(&shape.rows[0][1], input.height);
    input.width = IntOr(&shape.rows[0][2], input.width);
  }
  const bool like_mnist =
      input.channels == 1 && input.height == kPreparedSide && input.width == kPreparedSide;
  input.whole_pictures = input.whole_pictures || !like_mnist;
  if (input.channels != 1 && input.channels != 3) {
    return InvalidArgument("trial " + id.text() + " takes images of " +
                           std::to_string(input.channels) +
                           " channels; pictures can be made into 1 or 3");
  }
  return input;
}

std::vector<PreparedPicture> PreparePictures(const std::vector<std::string>& paths,
                                             const NetworkInput& input,
                                             const PrepareOptions& options) {
  std::vector<PreparedPicture> prepared;
  for (const PictureFile& file : ListFiles(paths)) {
    if (file.error) {
      prepared.push_back(Failed(file.path, *file.error));
    } else {
      PrepareOne(file.path, input, options, prepared);
    }
  }
  return prepared;
}

}  // namespace tutti::cli
