#include "worker/data/fetch.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

#include "worker/data/file_bytes.h"
#include "worker/data/known_datasets.h"
#include "worker/data/part_file.h"
#include "worker/data/zip.h"

namespace tutti {
namespace {

struct Source {
  std::string_view name;
  std::vector<std::string_view> places;  // base URLs with a slash at the end
  std::vector<RemoteFile> files;         // without urls
};

std::vector<RemoteFile> MnistLike(const std::array<const char*, 4>& md5,
                                  const std::array<std::int64_t, 4>& bytes) {
  std::vector<RemoteFile> files;
  for (std::size_t i = 0; i < 4; ++i) {
    files.push_back({FindKnownDataset("mnist")->files[i] + ".gz", {}, md5[i], bytes[i]});
  }
  return files;
}

const std::vector<Source>& Sources() {
  static const std::vector<Source> sources{
      {"mnist",
       {"https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/"},
       MnistLike({"f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
                  "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c"},
                 {9912422, 28881, 1648877, 4542})},
      {"fashion-mnist",
       {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"},
       MnistLike({"8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
                  "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310"},
                 {26421880, 29515, 4422102, 5148})},
      {"kmnist",
       {"http://codh.rois.ac.jp/kmnist/dataset/kmnist/"},
       MnistLike({"bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
                  "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134"},
                 {18165135, 29497, 3041136, 5120})},
      {"emnist",
       {"https://biometrics.nist.gov/cs_links/EMNIST/",
        "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/"},
       {{"gzip.zip", {}, "58c8d27c78d21e728a6bc7b3cc06412e", 561753746}}}};
  return sources;
}

const Source* FindSource(const std::string& name) {
  const std::string key = name.substr(0, name.find('/'));
  for (const Source& source : Sources()) {
    if (source.name == key) return &source;
  }
  return nullptr;
}

Error UnknownName(const std::string& name) {
  std::string choices;
  for (const std::string& known : FetchableDatasets()) {
    choices += (choices.empty() ? "" : ", ") + known;
  }
  return InvalidArgument("there is no place to get data set \"" + name + "\" from; known are: " +
                         choices);
}

// All files of the six sets of EMNIST, as they lie in the archive (below "gzip/").
std::vector<std::string> EmnistFiles() {
  std::vector<std::string> names;
  for (const KnownDataset& set : KnownDatasets()) {
    if (set.FetchName() != "emnist") continue;
    for (const std::string& file : set.files) names.push_back(file + ".gz");
    names.push_back(set.mapping);
  }
  return names;
}

Status MakeDirectories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return ErrnoError(error.value(), "cannot create directory " + path);
  return Ok{};
}

Status ExtractTo(const std::string& archive, const ZipEntry& entry, const std::string& path) {
  TUTTI_ASSIGN_OR_RETURN(PartFile part, PartFile::Open(path));
  TUTTI_RETURN_IF_ERROR(part.Clear());
  const Status status = ExtractZipEntry(
      archive, entry, [&part](std::string_view piece) { return part.Append(piece); });
  if (!status) {
    TUTTI_RETURN_IF_ERROR(part.Clear());
    return status.error();
  }
  return part.Publish();
}

bool AllThere(const std::string& directory, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    std::error_code ignored;  // unreadable counts as absent: fetching then says why
    return std::filesystem::is_regular_file(directory + "/" + name, ignored);
  });
}

Status CheckMirror(const std::string& mirror) {
  if (mirror.empty() || mirror.starts_with("http://") || mirror.starts_with("https://")) {
    return Ok{};
  }
  return InvalidArgument("mirror \"" + mirror + "\", expected a URL that begins with http:// or "
                         "https://");
}

VerifyLine VerifyFile(const KnownDataset& set, const std::string& root, const std::string& file,
                      const std::string& md5) {
  const auto path = LocateFile(set, root, file);
  if (!path) return {file, VerifyLine::State::kMissing, "not there"};
  if (!md5.empty() && path->ends_with(".gz")) {
    const auto found = FileMd5(*path);
    if (!found) return {*path, VerifyLine::State::kWrong, found.error().ToString()};
    if (*found == md5) return {*path, VerifyLine::State::kOk, "MD5 " + md5};
    return {*path, VerifyLine::State::kWrong, "MD5 " + *found + ", expected " + md5};
  }
  const auto bytes = ReadDataFile(*path);
  if (!bytes) return {*path, VerifyLine::State::kWrong, bytes.error().ToString()};
  return {*path, VerifyLine::State::kUnknown,
          path->ends_with(".gz") ? "no official checksum; its own is right"
                                 : "no official checksum"};
}

}  // namespace

std::vector<std::string> FetchableDatasets() {
  std::vector<std::string> names;
  for (const Source& source : Sources()) names.emplace_back(source.name);
  return names;
}

Status UnpackEmnist(const std::string& archive, const std::string& directory,
                    FetchReport& report) {
  TUTTI_ASSIGN_OR_RETURN(const auto entries, ListZip(archive));
  for (const std::string& name : EmnistFiles()) {
    const auto entry = std::find_if(entries.begin(), entries.end(), [&](const ZipEntry& e) {
      return e.name == "gzip/" + name || e.name == name;
    });
    if (entry == entries.end()) {
      return DataLoss(archive + ": holds no " + name + "; is it EMNIST's gzip.zip?");
    }
    TUTTI_RETURN_IF_ERROR(ExtractTo(archive, *entry, directory + "/" + name));
    report.fetched.push_back(directory + "/" + name);
  }
  std::error_code error;
  std::filesystem::remove(archive, error);
  if (error) return ErrnoError(error.value(), "cannot remove " + archive);
  return Ok{};
}

Result<FetchReport> FetchDataset(const std::string& name, const std::string& root,
                                 const FetchOptions& options) {
  const Source* source = FindSource(name);
  if (source == nullptr) return UnknownName(name);
  TUTTI_RETURN_IF_ERROR(CheckMirror(options.mirror));
  const std::string directory = root + "/" + std::string(source->name);
  TUTTI_RETURN_IF_ERROR(MakeDirectories(directory));
  const bool emnist = source->name == "emnist";
  FetchReport report;
  if (emnist && AllThere(directory, EmnistFiles())) {
    for (const std::string& file : EmnistFiles()) report.present.push_back(directory + "/" + file);
    return report;
  }
  for (RemoteFile file : source->files) {
    if (options.mirror.empty()) {
      for (const std::string_view place : source->places) {
        file.urls.push_back(std::string(place) + file.name);
      }
    } else {
      file.urls.push_back(options.mirror + (options.mirror.ends_with('/') ? "" : "/") + file.name);
    }
    TUTTI_ASSIGN_OR_RETURN(const bool fetched, FetchFile(file, directory, options));
    const std::string path = directory + "/" + file.name;
    if (emnist) {
      TUTTI_RETURN_IF_ERROR(UnpackEmnist(path, directory, report));
    } else {
      (fetched ? report.fetched : report.present).push_back(path);
    }
  }
  return report;
}

Result<std::vector<VerifyLine>> VerifyDataset(const std::string& name, const std::string& root) {
  const Source* source = FindSource(name);
  if (source == nullptr) return UnknownName(name);
  std::map<std::string, std::string> md5;
  for (const RemoteFile& file : source->files) md5[file.name] = file.md5;
  std::vector<VerifyLine> lines;
  for (const KnownDataset& set : KnownDatasets()) {
    const bool wanted = set.name == name || set.FetchName() == name;
    if (!wanted) continue;
    for (const std::string& file : set.AllFiles()) {
      const auto known = md5.find(file + ".gz");
      lines.push_back(VerifyFile(set, root, file, known == md5.end() ? "" : known->second));
    }
  }
  if (lines.empty()) return UnknownName(name);
  return lines;
}

}  // namespace tutti
