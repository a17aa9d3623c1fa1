#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "worker/checkpoint/checkpoint_directory.h"

namespace tutti::checkpoint {
namespace {

// Decimal without sign or leading zeros, so that every checkpoint has one name only.
bool ReadNumber(std::string_view text, std::int64_t& value) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return false;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return false;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// What stands before `separator`, which is removed from `rest` with it.
std::string_view Until(std::string_view& rest, std::string_view separator) {
  const std::size_t at = rest.find(separator);
  if (at == std::string_view::npos) return {};
  const std::string_view head = rest.substr(0, at);
  rest.remove_prefix(at + separator.size());
  return head;
}

bool GoodFileName(std::string_view name) {
  if (name.empty() || name.size() > 128 || name.front() == '.' || name == kManifestFile) {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '-';
  });
}

Error BadManifest(const Error& why) {
  return DataLoss("damaged checkpoint manifest: " + why.ToString());
}

Result<FileEntry> ReadFileEntry(const Json& json) {
  if (!json.is_object()) return DataLoss("an item of \"files\" is no map");
  FileEntry entry;
  TUTTI_ASSIGN_OR_RETURN(entry.name, json.GetString("name"));
  TUTTI_ASSIGN_OR_RETURN(entry.bytes, json.GetInt("bytes"));
  TUTTI_ASSIGN_OR_RETURN(entry.sha256, json.GetString("sha256"));
  if (entry.bytes < 0 || entry.sha256.size() != 64) {
    return DataLoss("file \"" + entry.name + "\" has " + std::to_string(entry.bytes) +
                    " bytes and SHA-256 \"" + entry.sha256 + "\"");
  }
  return entry;
}

Result<Manifest> ReadManifest(const Json& json) {
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t format, json.GetInt("format"));
  if (format != kManifestFormat) {
    return DataLoss("format " + std::to_string(format) + ", this build reads " +
                    std::to_string(kManifestFormat));
  }
  Manifest manifest;
  TUTTI_ASSIGN_OR_RETURN(manifest.attempt, json.GetInt("attempt"));
  TUTTI_ASSIGN_OR_RETURN(manifest.step, json.GetInt("step"));
  TUTTI_ASSIGN_OR_RETURN(manifest.epoch, json.GetInt("epoch"));
  TUTTI_ASSIGN_OR_RETURN(manifest.world_size, json.GetInt("world_size"));
  const std::array<std::int64_t, 4> numbers{manifest.attempt, manifest.step, manifest.epoch,
                                            manifest.world_size - 1};
  if (std::any_of(numbers.begin(), numbers.end(), [](std::int64_t v) { return v < 0; })) {
    return DataLoss("negative attempt, step or epoch, or a world_size below 1");
  }
  const Json* parts = json.Find("parts");
  const Json* files = json.Find("files");
  const Json* state = json.Find("state");
  if (parts == nullptr || !parts->is_array() || files == nullptr || !files->is_array() ||
      state == nullptr) {
    return DataLoss("\"parts\", \"files\" (lists) and \"state\" are needed");
  }
  for (const Json& part : parts->AsArray()) {
    if (!part.is_string()) return DataLoss("an item of \"parts\" is no string");
    manifest.parts.push_back(part.AsString());
  }
  for (const Json& item : files->AsArray()) {
    TUTTI_ASSIGN_OR_RETURN(FileEntry entry, ReadFileEntry(item));
    manifest.files.push_back(std::move(entry));
  }
  TUTTI_RETURN_IF_ERROR(CheckFileNames(manifest.files));
  manifest.state = *state;
  return manifest;
}

}  // namespace

Status CheckFileNames(const std::vector<FileEntry>& files) {
  std::set<std::string_view> names;
  for (const FileEntry& file : files) {
    if (!GoodFileName(file.name)) {
      return InvalidArgument("\"" + file.name +
                             "\" is no name for a checkpoint file: expected 1 to 128 of "
                             "A-Z a-z 0-9 . _ - without a leading dot, and not manifest.json");
    }
    if (!names.insert(file.name).second) {
      return InvalidArgument("checkpoint file \"" + file.name + "\" is listed twice");
    }
  }
  return Ok{};
}

std::string CheckpointId::Name() const {
  return std::to_string(experiment) + "/" + std::to_string(trial) + "/" +
         std::to_string(attempt) + "-step-" + std::to_string(step);
}

Result<CheckpointId> CheckpointId::Parse(std::string_view name) {
  std::string_view rest = name;
  CheckpointId id;
  const bool ok = ReadNumber(Until(rest, "/"), id.experiment) &&
                  ReadNumber(Until(rest, "/"), id.trial) &&
                  ReadNumber(Until(rest, "-step-"), id.attempt) && ReadNumber(rest, id.step);
  if (!ok) {
    return InvalidArgument("\"" + std::string(name) +
                           "\" is no checkpoint name, expected EXPERIMENT/TRIAL/ATTEMPT-step-STEP");
  }
  return id;
}

Json Manifest::ToJson() const {
  Json part_list = Json::MakeArray();
  for (const std::string& part : parts) part_list.Append(part);
  Json file_list = Json::MakeArray();
  for (const FileEntry& file : files) {
    file_list.Append(Json::MakeObject(
        {{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}}));
  }
  return Json::MakeObject({{"format", kManifestFormat},
                           {"attempt", attempt},
                           {"step", step},
                           {"epoch", epoch},
                           {"world_size", world_size},
                           {"parts", std::move(part_list)},
                           {"state", state},
                           {"files", std::move(file_list)}});
}

Result<Manifest> Manifest::FromJson(const Json& json) {
  auto manifest = ReadManifest(json);
  if (!manifest) return BadManifest(manifest.error());
  return manifest;
}

}  // namespace tutti::checkpoint
