#include "worker/data/image_folders.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "worker/data/data_options.h"
#include "worker/data/dataset_files.h"
#include "worker/data/file_bytes.h"
#include "worker/data/fit_picture.h"
#include "worker/data/picture.h"

namespace tutti {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamedFailures = 10;
constexpr std::int64_t kMaxImageFiles = 10'000'000;

struct FolderOptions {
  std::string train, test;
  std::vector<std::int64_t> size{28, 28};
  std::int64_t channels = 1;
  bool invert = false;
};

Result<FolderOptions> ReadOptions(const Json& options, const std::string& root) {
  TUTTI_RETURN_IF_ERROR(
      CheckOptionKeys(options, {"train", "test", "size", "channels", "invert"}, "images"));
  FolderOptions folders;
  TUTTI_ASSIGN_OR_RETURN(folders.train, ReadDataPath(options, "train", root, "a folder"));
  TUTTI_ASSIGN_OR_RETURN(folders.test, ReadDataPath(options, "test", root, "a folder"));
  if (folders.train.empty() && folders.test.empty()) {
    return InvalidArgument("data set images needs data.options.train, test, or both");
  }
  TUTTI_RETURN_IF_ERROR(ReadCounts(options, "size", 2, 1, 4096, folders.size));
  TUTTI_RETURN_IF_ERROR(ReadCount(options, "channels", 1, 3, folders.channels));
  if (folders.channels == 2) {
    return InvalidArgument("data.options.channels is 2, expected 1 (grey) or 3 (RGB)");
  }
  TUTTI_RETURN_IF_ERROR(ReadFlag(options, "invert", folders.invert));
  return folders;
}

struct ClassFolder {
  std::string name;
  std::vector<std::string> files;  // sorted
};

Result<std::vector<std::string>> FilesBelow(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  fs::recursive_directory_iterator it(folder, fs::directory_options::follow_directory_symlink,
                                      error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it.depth() > 32) return DataLoss(it->path().string() + ": folders nested over 32 deep");
    if (!LooksLikePicture(it->path().string()) || !it->is_regular_file(error)) continue;
    files.push_back(it->path().string());
    if (static_cast<std::int64_t>(files.size()) > kMaxImageFiles) {
      return DataLoss(folder.string() + ": over " + std::to_string(kMaxImageFiles) + " files");
    }
  }
  if (error) return ErrnoError(error.value(), "cannot list " + folder.string());
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<ClassFolder>> ListClasses(const std::string& half) {
  std::vector<ClassFolder> classes;
  std::error_code error;
  fs::directory_iterator it(half, error);
  if (error) return ErrnoError(error.value(), "cannot list the folder of classes " + half);
  for (; !error && it != fs::directory_iterator(); it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with('.') && it->is_directory()) classes.push_back({name, {}});
  }
  if (error) return ErrnoError(error.value(), "cannot list " + half);
  if (classes.empty()) {
    return DataLoss(half + ": no folders in it, expected one for each class");
  }
  std::sort(classes.begin(), classes.end(),
            [](const ClassFolder& a, const ClassFolder& b) { return a.name < b.name; });
  for (ClassFolder& one : classes) {
    TUTTI_ASSIGN_OR_RETURN(one.files, FilesBelow(fs::path(half) / one.name));
  }
  return classes;
}

Result<ImageSet> ReadHalf(DatasetFiles& files, const FolderOptions& options,
                          const std::string& half, const std::vector<ClassFolder>& folders,
                          const std::vector<std::string>& class_names) {
  ImageSet set;
  set.c = options.channels;
  set.h = options.size[0];
  set.w = options.size[1];
  const FitOptions fit{set.c, set.h, set.w, options.invert};
  std::string failures;
  std::size_t failed = 0;
  for (const ClassFolder& folder : folders) {
    const auto label = std::find(class_names.begin(), class_names.end(), folder.name);
    if (label == class_names.end()) {
      return DataLoss(half + "/" + folder.name + ": the train folder has no class of this name");
    }
    for (const std::string& path : folder.files) {
      TUTTI_ASSIGN_OR_RETURN(const FileBytes file, ReadDataFile(path));
      files.Add(fs::relative(path, half).string(), file.sha256);
      const auto picture = DecodePicture(
          {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()}, path);
      if (!picture && picture.error().code() == ErrorCode::kFailedPrecondition) {
        return picture.error();  // this build decodes no picture
      }
      if (!picture) {
        if (++failed <= kNamedFailures) failures += "\n  " + picture.error().ToString();
        continue;
      }
      const auto image = FitPicture(*picture, fit);
      set.pixels.insert(set.pixels.end(), image.begin(), image.end());
      set.labels.push_back(static_cast<std::int32_t>(label - class_names.begin()));
      ++set.n;
    }
  }
  if (failed > 0) {
    return DataLoss(half + ": " + std::to_string(failed) + " of " +
                    std::to_string(static_cast<std::size_t>(set.n) + failed) +
                    " pictures cannot be read; repair or remove them:" + failures +
                    (failed > kNamedFailures ? "\n  …" : ""));
  }
  if (set.n == 0) return DataLoss(half + ": no pictures in the folders of its classes");
  return set;
}

}  // namespace

Result<Dataset> LoadImageFolders(const Json& options, const std::string& root) {
  TUTTI_ASSIGN_OR_RETURN(const FolderOptions folders, ReadOptions(options, root));
  Dataset data;
  data.name = "images";
  DatasetFiles files;
  const std::pair<const std::string*, ImageSet*> halves[] = {{&folders.train, &data.train},
                                                             {&folders.test, &data.test}};
  for (const auto& [half, set] : halves) {
    if (half->empty()) continue;
    TUTTI_ASSIGN_OR_RETURN(const auto classes, ListClasses(*half));
    if (data.class_names.empty()) {
      for (const ClassFolder& one : classes) data.class_names.push_back(one.name);
    }
    files.Add("half", set == &data.train ? "train" : "test");
    TUTTI_ASSIGN_OR_RETURN(*set, ReadHalf(files, folders, *half, classes, data.class_names));
  }
  data.sha256 = files.Identity();
  return data;
}

}  // namespace tutti
